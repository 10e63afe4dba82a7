/** A token stays due for its open intents, whatever else is written of it: the process may end right after (Apple C17). */
import type { TokenId } from '../../model/ids.ts'
import type { TenantStores } from '../../ports/storage.ts'

export async function stayDueForIntents(
  { tokens, intents }: Pick<TenantStores, 'tokens' | 'intents'>,
  tokenId: TokenId,
): Promise<void> {
  const [intent] = await intents.listOpen(tokenId)
  if (intent) await tokens.makeDue(tokenId, intent.wakeAt)
}
