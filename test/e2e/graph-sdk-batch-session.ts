/** A tool that sends batches: side by side, one after the other, and behind one that fails; prints every answer. */
import {
  BatchRequestContent,
  type BatchRequestStep,
  BatchResponseContent,
} from '@microsoft/microsoft-graph-client'
import { connect, tokens } from './graph-sdk-client.ts'

const client = connect()
/** Only the part behind the host goes into the batch. */
const request = (path: string, init: RequestInit = {}) =>
  new Request(`https://graph.microsoft.com${path}`, init)
const created = (name: string) =>
  request(tokens, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ appleId: `${name}@harbour.example` }),
  })

async function send(steps: readonly BatchRequestStep[]) {
  const content = await new BatchRequestContent([...steps]).getContent()
  const answered = new BatchResponseContent(await client.api('/$batch').post(content))
  const answers = await Promise.all(
    steps.map(async ({ id }) => {
      const response = answered.getResponseById(id)
      const text = await response.text()
      return [id, { status: response.status, body: text === '' ? null : JSON.parse(text) }]
    }),
  )
  return Object.fromEntries(answers)
}

const twenty = await send(
  Array.from({ length: 20 }, (_, n) => ({ id: `${n + 1}`, request: created(`batched${n}`) })),
)
const ids = Object.values<{ body: { id: string } }>(twenty).map(({ body }) => body.id)
const serial = await send([
  {
    id: 'rename',
    request: request(`${tokens}/${ids[0]}`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ appleId: 'renamed@harbour.example' }),
    }),
  },
  {
    id: 'read',
    request: request(`${tokens}/${ids[0]}?$select=appleId`),
    dependsOn: ['rename'],
  },
  {
    id: 'remove',
    request: request(`${tokens}/${ids[0]}`, { method: 'DELETE' }),
    dependsOn: ['read'],
  },
  { id: 'gone', request: request(`${tokens}/${ids[0]}`), dependsOn: ['remove'] },
])
const failing = await send([
  { id: 'absent', request: request(`${tokens}/00000000-0000-4000-8000-000000000404`) },
  { id: 'behind', request: created('never'), dependsOn: ['absent'] },
])
for (const id of ids.slice(1)) await client.api(`${tokens}/${id}`).delete()

process.stdout.write(JSON.stringify({ twenty, serial, failing }))
