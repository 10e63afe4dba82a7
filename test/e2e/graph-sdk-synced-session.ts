/** A tool that waits until a token has been synced. */
import { connect, given, tokens, until } from './graph-sdk-client.ts'

const client = connect()
await until(
  () => client.api(`${tokens}/${given('TOKEN')}`).get(),
  ({ lastSyncStatus }: { lastSyncStatus: string }) => lastSyncStatus === 'completed',
)
process.stdout.write('null')
