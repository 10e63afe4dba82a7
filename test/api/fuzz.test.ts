/**
 * What nobody should send: never a 500, never a crash, never more than 1 s of CPU or 64 MiB for one request, and the service
 * goes on. POMONA_TEST_FUZZ_CASES sets how many, POMONA_TEST_SEED which.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AppleSide, appleSide } from '../together/apple-side.ts'
import { dearRequests, largeToken } from './dear-requests.ts'
import { batches, bodies } from './fuzz-bodies.ts'
import { plainRead } from './fuzz-pieces.ts'
import { queries } from './fuzz-queries.ts'
import { headers, noise, paths, signIns } from './fuzz-requests.ts'
import { type MeasuredService, measuredService, type Paid } from './measured-service.ts'

const cases = Number(process.env.POMONA_TEST_FUZZ_CASES ?? 2_500)
const seed = Number(process.env.POMONA_TEST_SEED ?? 20261122)
const mostCpuMs = 1_000
const mostBytes = 64 * 1_024 * 1_024
const settleEach = 100

function expectWithinBounds({ crashes, cpuMs, memoryBytes, grownBytes }: Paid): void {
  expect(crashes).toEqual([])
  expect(cpuMs).toBeLessThanOrEqual(mostCpuMs)
  expect(Math.max(memoryBytes, grownBytes)).toBeLessThanOrEqual(mostBytes)
}

describe(`${cases} requests that nobody should send (POMONA_TEST_SEED=${seed})`, () => {
  let apple: AppleSide
  let service: MeasuredService
  let sent = 0
  beforeAll(async () => {
    apple = await appleSide(['small'])
    const { file } = await apple.issueToken('7000000000000001', 'a1@harbour.example')
    service = await measuredService({ appleUrl: apple.dataUrl, file })
  })
  afterAll(async () => {
    await service?.close()
    await apple?.close()
  })

  async function meetsBounds(request: Buffer, isWhole: boolean): Promise<void> {
    const first = await service.cost(request, { isWhole, isSettled: sent++ % settleEach === 0 })
    // What earlier requests have left to be collected counts for nothing: whatever seems too much is measured once more, alone.
    const seemsTooMuch =
      first.cpuMs > mostCpuMs || Math.max(first.memoryBytes, first.grownBytes) > mostBytes
    const paid = seemsTooMuch ? await service.cost(request, { isWhole, isSettled: true }) : first
    if (isWhole) expect(paid.answer).toMatch(/^HTTP\/1\.1 ([1-4]\d\d|501) /)
    else expect(paid.answer).toMatch(/^(HTTP\/1\.1 ([1-4]\d\d|501) |$)/)
    expectWithinBounds(paid)
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
      const { target } = service
      const numRuns = Math.max(1, Math.round(cases * share))
      const holds = fc.asyncProperty(requests(target), (request) => meetsBounds(request, isWhole))
      await fc.assert(holds, { numRuns, seed })
      const { answer } = await service.cost(plainRead(target), { isWhole: true, isSettled: false })
      expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    },
    600_000,
  )
})

describe('the dearest request:', () => {
  const stored = 320
  let service: MeasuredService
  beforeAll(async () => {
    service = await measuredService()
    const create = largeToken(service.target)
    for (let count = 0; count < stored; count += 1) {
      const { answer } = await service.cost(create, { isWhole: true, isSettled: false })
      expect(answer).toMatch(/^HTTP\/1\.1 201 /)
    }
  })
  afterAll(() => service?.close())

  test.each(dearRequests)(
    '%s',
    async (_, status, request) => {
      const how = { isWhole: true, isSettled: true }
      const paid = await service.cost(request(service.target), how)
      expect(paid.answer.slice(0, 12)).toBe(`HTTP/1.1 ${status}`)
      expectWithinBounds(paid)
    },
    120_000,
  )
})
