/**
 * What nobody should send: never a 500, never a crash, never more than 1 s of CPU or 64 MiB for one request, and the service
 * goes on. POMONA_TEST_FUZZ_CASES sets how many, POMONA_TEST_SEED which.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AppleSide, appleSide } from '../together/apple-side.ts'
import {
  batches,
  bodies,
  headers,
  noise,
  paths,
  plainRead,
  queries,
  signIns,
} from './fuzz-requests.ts'
import type { Cost, FuzzTarget, Told } from './fuzz-service.ts'

const cases = Number(process.env.POMONA_TEST_FUZZ_CASES ?? 2_500)
const seed = Number(process.env.POMONA_TEST_SEED ?? 20261122)
const mostCpuMs = 1_000
const mostBytes = 64 * 1_024 * 1_024
const settleEach = 100

describe(`${cases} requests that nobody should send (POMONA_TEST_SEED=${seed})`, () => {
  let apple: AppleSide
  let child: ChildProcess
  let target: FuzzTarget
  let sent = 0
  beforeAll(async () => {
    apple = await appleSide(['small'])
    const { file } = await apple.issueToken('7000000000000001', 'a1@harbour.example')
    child = fork(
      fileURLToPath(new URL('./fuzz-service.ts', import.meta.url)),
      [apple.dataUrl, file],
      {
        execArgv: ['--expose-gc'],
      },
    )
    target = await told<FuzzTarget>()
  })
  afterAll(async () => {
    if (child.exitCode === null) {
      const ended = once(child, 'exit')
      tell('close')
      await ended
    }
    await apple.close()
  })

  const tell = (word: Told) => child.send(word)
  /** What the service's process says next; throws when it has ended instead. */
  async function told<T>(): Promise<T> {
    const ended = new AbortController()
    const { signal } = ended
    const crashed = once(child, 'exit', { signal }).then(([code]) => {
      throw new Error(`The service's process ended with ${code}`)
    })
    crashed.catch(() => undefined)
    try {
      const [answer] = await Promise.race([once(child, 'message', { signal }), crashed])
      return answer as T
    } finally {
      ended.abort()
    }
  }

  async function costOf(
    request: Buffer,
    isWhole: boolean,
    isSettled = false,
  ): Promise<Cost & { answer: string }> {
    tell(isSettled ? 'settleAndBegin' : 'begin')
    await told()
    const answer = await answerTo(target.port, request, isWhole)
    tell('end')
    return { ...(await told<Cost>()), answer }
  }

  async function meetsBounds(request: Buffer, isWhole: boolean): Promise<void> {
    sent += 1
    const first = await costOf(request, isWhole, sent % settleEach === 1)
    // What earlier requests have left to be collected counts for nothing: whatever seems too much is measured alone.
    const isTooMuch = ({ cpuMs, memoryBytes, grownBytes }: Cost) =>
      cpuMs > mostCpuMs || Math.max(memoryBytes, grownBytes) > mostBytes
    const cost = isTooMuch(first) ? await costOf(request, isWhole, true) : first
    expect(cost.crashes).toEqual([])
    if (isWhole) expect(cost.answer).toMatch(/^HTTP\/1\.1 ([1-4]\d\d|501) /)
    else expect(cost.answer).toMatch(/^(HTTP\/1\.1 ([1-4]\d\d|501) |$)/)
    expect(cost.cpuMs).toBeLessThanOrEqual(mostCpuMs)
    expect(Math.max(cost.memoryBytes, cost.grownBytes)).toBeLessThanOrEqual(mostBytes)
  }

  test.each([
    ['in the path', paths, 0.15, true],
    ['in the query', queries, 0.3, true],
    ['in the headers', headers, 0.15, true],
    ['in the body', bodies, 0.15, true],
    ['in a batch', batches, 0.1, true],
    ['at sign-in', signIns, 0.05, true],
    ['before any of it is HTTP', noise, 0.1, false],
  ] as const)(
    '%s',
    async (_, requests, share, isWhole) => {
      const numRuns = Math.max(1, Math.round(cases * share))
      const holds = fc.asyncProperty(requests(target), (request) => meetsBounds(request, isWhole))
      await fc.assert(holds, { numRuns, seed })
      const { answer } = await costOf(plainRead(target), true)
      expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    },
    600_000,
  )
})

/** Everything that comes back until the connection is closed; throws when it is held for ten seconds. */
async function answerTo(port: number, request: Buffer, isWhole: boolean): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port })
  socket.setTimeout(10_000, () => socket.destroy(new Error('No answer in ten seconds')))
  // Who has half a request to send must say that no more is to come, or the service would wait for it.
  if (isWhole) socket.write(request)
  else socket.end(request)
  let answer = ''
  try {
    for await (const piece of socket) answer += piece.toString('latin1')
  } catch (error) {
    // Cut by the service while we were still writing: what was answered until then is the answer.
    if (!['ECONNRESET', 'EPIPE'].includes((error as { code?: string }).code ?? '')) throw error
  }
  return answer
}
