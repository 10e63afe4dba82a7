import { Failure } from '../model/failure.ts'
import type { TokenApi, TokenView } from './token-api.ts'

export interface Patience {
  readonly pollMs: number
  readonly limitMs: number
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
}

/** The token once no sync of it is under way. Failure `unavailable` when that takes longer than the limit. */
export async function waitForSync(
  api: TokenApi,
  id: string,
  { pollMs, limitMs, now, sleep }: Patience,
): Promise<TokenView> {
  const endMs = now() + limitMs
  for (;;) {
    const token = await api.get(id)
    if (token.lastSyncStatus !== 'inProgress') return token
    if (now() >= endMs)
      throw new Failure(
        'unavailable',
        `The sync of '${id}' has not ended within ${Math.round(limitMs / 1_000)} s. It goes on at the service; look again with: pomona token show ${id}.`,
      )
    await sleep(pollMs)
  }
}
