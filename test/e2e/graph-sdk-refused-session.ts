/** A tool that may not do what it tries; prints how it is told. */
import { connect, refusalOf, tokens } from './graph-sdk-client.ts'

const client = connect()
const read = await refusalOf(client.api(tokens).get())
const written = await refusalOf(client.api(tokens).post({ appleId: 'x@harbour.example' }))

process.stdout.write(JSON.stringify({ read, written }))
