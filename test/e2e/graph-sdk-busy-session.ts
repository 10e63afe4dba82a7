/** A tool that asks more often than it may, or while the database is locked; its client's own middleware waits and asks again. */
import { connect, given, tokens } from './graph-sdk-client.ts'

const client = connect()
const before = Date.now()
const answers =
  given('WORK') === 'create'
    ? [await client.api(tokens).post({ displayName: 'patient' })]
    : await Promise.all([1, 2, 3].map(() => client.api(tokens).top(1).get()))

process.stdout.write(
  JSON.stringify({ answers, waitedSeconds: Math.round((Date.now() - before) / 1_000) }),
)
