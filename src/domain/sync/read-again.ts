import type { LocationConfig } from '../../model/apple-rows.ts'
import { instantOf } from '../../model/date-time-offset.ts'
import type { AppleConversation } from '../../ports/apple-vpp.ts'
import type { BegunRun, SyncDeps } from './run-context.ts'

/** The configuration of the location as Apple has it now; from here on it is the run's. */
export async function readAgain(
  { clock }: Pick<SyncDeps, 'clock'>,
  { progress }: BegunRun,
  conversation: AppleConversation,
): Promise<LocationConfig> {
  const config = await conversation.readConfig()
  progress.accepted = { config, at: instantOf(clock.now()) }
  return config
}
