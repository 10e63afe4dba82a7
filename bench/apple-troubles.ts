/**
 * Does the client of Apple stay small when Apple only makes trouble? One kind after the other, each as long as it takes for all
 * questions to be given up: `node --expose-gc bench/apple-troubles.ts [questions of each kind]`. Waits take no time.
 */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent } from 'undici'
import { createAppleVpp } from '../src/apple/apple-vpp.ts'
import { AppleTrouble } from '../src/model/apple-finding.ts'
import type { Clock } from '../src/model/clock.ts'
import { printBelow } from './table.ts'

const questions = Number(process.argv[2] ?? 4_000)
const sideBySide = 20
const quarters = 4
const growthGoalMiB = 2

const page = JSON.stringify({
  assignments: [],
  versionId: 'v',
  uId: '1',
  filler: 'x'.repeat(20_000),
})
const troubles: Readonly<Record<string, (response: ServerResponse) => void>> = {
  'endless 429': (response) => {
    response.writeHead(429).end('{"errorNumber":9646,"errorMessage":"Too many requests."}')
  },
  'endless 503 with Retry-After': (response) => {
    response.writeHead(503, { 'retry-after': '7' }).end('{"errorNumber":9729}')
  },
  'no answer in time': () => undefined,
  'cut before the answer': (response) => response.socket?.destroy(),
  'cut in the middle': (response) => {
    response.writeHead(200, { 'content-length': String(page.length) })
    response.write(page.slice(0, 10_000), () => response.socket?.destroy())
  },
  'another shape': (response) => {
    response.writeHead(200).end(page.replace('"v"', '5'))
  },
}

/** Whoever sleeps wakes at once, and it is as late as it should be. */
function hurriedClock(): Clock {
  let nowMs = Date.now()
  return {
    now: () => new Date(nowMs),
    sleep: async (ms) => {
      const dueMs = nowMs + ms
      await new Promise((resolve) => setImmediate(resolve))
      nowMs = Math.max(nowMs, dueMs)
    },
  }
}

function heapMiB(): number {
  globalThis.gc?.()
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 2 ** 20
}

/** Short where it is all that ends a call, and elsewhere out of the way. */
const requestTimeoutOf = (name: string) => (name === 'no answer in time' ? 20 : 10_000)

async function measure(name: string, makeTrouble: (response: ServerResponse) => void) {
  const requestTimeoutMs = requestTimeoutOf(name)
  let asked = 0
  const server = createServer((request, response) => {
    request.resume()
    asked += 1
    makeTrouble(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const dispatcher = new Agent()
  const apple = createAppleVpp({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mdm/v2`,
    ...{ dispatcher, clock: hurriedClock(), random: () => 0.5, requestTimeoutMs },
    observe: () => undefined,
  })
  const ask = async (index: number) => {
    const conversation = apple.converse('bWFkZS11cA==', `location ${index}`)
    try {
      if (index % 2 === 0) for await (const _ of conversation.walkAssignments());
      else await conversation.send({ kind: 'retireUsers', users: [{ clientUserId: 'u' }] })
      throw new Error('Apple was content')
    } catch (error) {
      if (!(error instanceof AppleTrouble)) throw error
    }
  }
  const heaps: number[] = []
  for (let quarter = 0; quarter < quarters; quarter += 1) {
    for (let from = 0; from < questions / quarters; from += sideBySide)
      await Promise.all(
        Array.from({ length: sideBySide }, (_, place) => ask(quarter * questions + from + place)),
      )
    heaps.push(heapMiB())
  }
  await dispatcher.destroy()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  // The first quarter warms up: code, connections, buffers.
  const [first = 0, ...later] = heaps
  const triesEach = (asked / questions).toFixed(1)
  printBelow(
    `${name} (${triesEach} tries)`,
    'MiB',
    Math.max(0, Math.max(...later) - first),
    growthGoalMiB,
  )
}

if (!globalThis.gc) throw new Error('Run it so: node --expose-gc bench/apple-troubles.ts')
console.log(`Growth of the heap over ${questions} questions that Apple never answers well`)
for (const [name, makeTrouble] of Object.entries(troubles)) await measure(name, makeTrouble)
