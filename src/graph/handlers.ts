/** What each operation does: one line between decode and encode. Nothing here knows HTTP. */
import { requestSync, type SyncRequestDeps } from '../domain/sync/request-sync.ts'
import type { Actor } from '../domain/tokens/actor.ts'
import { addToken, type Retry } from '../domain/tokens/add-token.ts'
import { checkToken, type TokenCheck } from '../domain/tokens/check-token.ts'
import type { ExpectedVersion } from '../domain/tokens/precondition.ts'
import { countTokens, getToken, listTokens } from '../domain/tokens/read-tokens.ts'
import { removeToken } from '../domain/tokens/remove-token.ts'
import { type UpdateDeps, updateToken } from '../domain/tokens/update-token.ts'
import type { ListQuery } from '../model/list-query.ts'
import type { StoredToken } from '../model/stored-token.ts'
import type { SentVppToken } from '../model/vpp-token.ts'

export type UseCaseDeps = UpdateDeps &
  SyncRequestDeps & {
    /** Called after something has become due, so that it need not wait for the next look. */
    readonly onDue: () => void
    /** How long a create is recognized by its Idempotency-Key. */
    readonly recognizeRetriesMs: number
  }

/** One operation's input, decoded and checked. Each handler takes what it needs. */
export interface Input {
  readonly actor: Actor
  /** The id in the path, lower case. */
  readonly id: () => string
  /** The decoded body. */
  readonly sent: SentVppToken
  readonly page: ListQuery
  readonly isCountWanted: boolean
  /** From `If-Match`. */
  readonly expected: ExpectedVersion | undefined
  /** From `Idempotency-Key`. */
  readonly retry: Omit<Retry, 'recognizedMs'> | undefined
  /** The decoded body of `checkToken`. */
  readonly toCheck: { readonly token: string; readonly renews?: string }
}

export type Result =
  | { readonly kind: 'token'; readonly token: StoredToken }
  | { readonly kind: 'created'; readonly token: StoredToken; readonly echo: string | null }
  | { readonly kind: 'updated'; readonly token: StoredToken; readonly echo: string | null }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'checked'; readonly check: TokenCheck }
  /** The answer of an action: an entity outside its set (graph 7.2). */
  | { readonly kind: 'acted'; readonly token: StoredToken }
  | {
      readonly kind: 'page'
      readonly tokens: readonly StoredToken[]
      readonly next?: string
      readonly count?: number
    }
  | { readonly kind: 'nothing' }

type Handler = (deps: UseCaseDeps, input: Input) => Promise<Result>

export const handlers = {
  list: async ({ storage }, { actor, page, isCountWanted }) => {
    const { rows, next } = await listTokens(storage, actor, page)
    const count = isCountWanted ? { count: await countTokens(storage, actor) } : {}
    return { kind: 'page', tokens: rows, ...(next === undefined ? {} : { next }), ...count }
  },
  get: async ({ storage }, { actor, id }) => ({
    kind: 'token',
    token: await getToken(storage, actor, id()),
  }),
  create: async (deps, { actor, sent, retry }) => {
    const recognizedMs = deps.recognizeRetriesMs
    const token = await addToken(deps, actor, sent, retry && { ...retry, recognizedMs })
    deps.onDue()
    return { kind: 'created', token, echo: sent.token ?? null }
  },
  count: async ({ storage }, { actor }) => ({
    kind: 'count',
    count: await countTokens(storage, actor),
  }),
  update: async (deps, { actor, id, sent, expected }) => {
    const token = await updateToken(deps, actor, id(), sent, expected)
    deps.onDue()
    return { kind: 'updated', token, echo: sent.token ?? null }
  },
  remove: async (deps, { actor, id, expected }) => {
    await removeToken(deps, actor, id(), expected)
    deps.onDue()
    return { kind: 'nothing' }
  },
  check: async (deps, { actor, toCheck }) => ({
    kind: 'checked',
    check: await checkToken(deps, actor, toCheck),
  }),
  sync: async (deps, { actor, id }) => {
    const token = await requestSync(deps, actor, id())
    deps.onDue()
    return { kind: 'acted', token }
  },
} as const satisfies Record<string, Handler>
export type HandlerName = keyof typeof handlers
