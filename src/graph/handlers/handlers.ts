/** All handlers by name; the table of operations names them. */
import { subscriptionOf } from '../../domain/tenants/subscription.ts'
import { batchHandler } from './batch.ts'
import { type Handler, reads } from './handler.ts'
import { libraryHandlers } from './library-handlers.ts'
import { licenseHandlers } from './license-handlers.ts'
import { listed } from './listed.ts'
import { ownershipHandlers } from './ownership-handlers.ts'
import { runHandlers } from './run-handlers.ts'
import { tokenHandlers } from './token-handlers.ts'

export const handlers = {
  ...tokenHandlers,
  ...libraryHandlers,
  ...licenseHandlers,
  ...ownershipHandlers,
  ...runHandlers,
  batch: batchHandler,
  listSkus: reads('list', (_, input) => {
    const rows = [{ record: { ...subscriptionOf(input.tenant) } }]
    return listed(
      input,
      async () => ({ rows, positionAfter: () => '' }),
      async () => rows.length,
    )
  }),
} as const satisfies Record<string, Handler>
export type HandlerName = keyof typeof handlers
