import { describe, expect, it } from 'vitest'
import { collect, troubleOf } from '../../test/apple-conversation.ts'
import { AppleTrouble } from '../model/apple-finding.ts'
import type { DecodedPage } from './decode.ts'
import { maxPagesPerWalk, walkPages } from './pages.ts'

type Page = DecodedPage<string>

function page(index: number, next: number | null, totalPages: number | null = 3): Page {
  return { rows: [`row ${index}`], versionId: 'v1', nextPageIndex: next, totalPages }
}

const outOfRange = new AppleTrouble({
  reason: 'clientDefect',
  isDefinite: false,
  errorNumber: 9650,
})

/** Answers from the list of each index in turn; the last one stays. */
function setUp(script: Readonly<Record<number, readonly (Page | Error)[]>>) {
  const asked: number[] = []
  let inFlight = 0
  let mostInFlight = 0
  async function fetchPage(index: number, signal: AbortSignal): Promise<Page> {
    asked.push(index)
    const answers = script[index] ?? []
    const times = asked.filter((one) => one === index).length
    inFlight += 1
    mostInFlight = Math.max(mostInFlight, inFlight)
    await new Promise((resolve) => setImmediate(resolve))
    inFlight -= 1
    signal.throwIfAborted()
    const answer = answers[Math.min(times, answers.length) - 1] ?? new Error(`page ${index}`)
    if (answer instanceof Error) throw answer
    return answer
  }
  return { asked, fetchPage, mostInFlight: () => mostInFlight }
}

const rowsOf = (pages: readonly Page[]) => pages.flatMap(({ rows }) => rows)

describe('a walk (Apple 3.2, C6)', () => {
  it('hands on the pages in order and ends where no next page is named', async () => {
    const { fetchPage, asked } = setUp({ 0: [page(0, 1)], 1: [page(1, 2)], 2: [page(2, null)] })
    expect(rowsOf(await collect(walkPages(fetchPage)))).toEqual(['row 0', 'row 1', 'row 2'])
    expect(asked).toEqual([0, 1, 2])
  })

  it('goes on beyond the total that the first page gave', async () => {
    const { fetchPage } = setUp({
      0: [page(0, 1, 1)],
      1: [page(1, 2, 3)],
      2: [page(2, null)],
    })
    expect(await collect(walkPages(fetchPage))).toHaveLength(3)
  })

  it('walks without any total', async () => {
    const { fetchPage } = setUp({ 0: [page(0, 1, null)], 1: [page(1, null, null)] })
    expect(await collect(walkPages(fetchPage))).toHaveLength(2)
  })

  it('does not take an empty page for the end', async () => {
    const empty = { ...page(1, 2), rows: [] }
    const { fetchPage } = setUp({ 0: [page(0, 1)], 1: [empty], 2: [page(2, null)] })
    expect(rowsOf(await collect(walkPages(fetchPage)))).toEqual(['row 0', 'row 2'])
  })

  it('goes on when the version moves, each page with its own', async () => {
    const moved = { ...page(1, null), versionId: 'v2' }
    const { fetchPage, asked } = setUp({ 0: [page(0, 1, 2)], 1: [moved] })
    const pages = await collect(walkPages(fetchPage))
    expect(pages.map(({ versionId }) => versionId)).toEqual(['v1', 'v2'])
    expect(asked).toEqual([0, 1])
  })

  it('asks for five pages at once after the first', async () => {
    const pages = Array.from({ length: 20 }, (_, index) => [
      page(index, index === 19 ? null : index + 1, 20),
    ])
    const { fetchPage, asked, mostInFlight } = setUp(Object.fromEntries(pages.entries()))
    expect(rowsOf(await collect(walkPages(fetchPage)))).toEqual(
      Array.from({ length: 20 }, (_, index) => `row ${index}`),
    )
    expect(mostInFlight()).toBe(5)
    expect(new Set(asked).size).toBe(asked.length)
  })

  it('ends without complaint where the list shrank: the last page names no next one', async () => {
    const { fetchPage } = setUp({
      0: [page(0, 1, 4)],
      1: [page(1, null, 2)],
      2: [outOfRange],
      3: [outOfRange],
    })
    expect(rowsOf(await collect(walkPages(fetchPage)))).toEqual(['row 0', 'row 1'])
  })

  it('takes 9650 for the end when the newest total leaves no room for the page', async () => {
    const { fetchPage, asked } = setUp({ 0: [page(0, 1, 3)], 1: [page(1, 2, 2)], 2: [outOfRange] })
    expect(rowsOf(await collect(walkPages(fetchPage)))).toEqual(['row 0', 'row 1'])
    expect(asked.filter((index) => index === 0)).toHaveLength(1)
  })

  it('begins again, once, after any other 9650', async () => {
    const { fetchPage } = setUp({
      0: [page(0, 1)],
      1: [outOfRange, page(1, 2)],
      2: [page(2, null)],
    })
    expect(rowsOf(await collect(walkPages(fetchPage)))).toEqual([
      'row 0',
      'row 0',
      'row 1',
      'row 2',
    ])
  })

  it('reports 9650 when it comes again', async () => {
    const { fetchPage, asked } = setUp({ 0: [outOfRange] })
    expect((await troubleOf(collect(walkPages(fetchPage)))).finding.errorNumber).toBe(9650)
    expect(asked).toEqual([0, 0])
  })

  it('hands on the pages before a failing one, then fails', async () => {
    const { fetchPage } = setUp({ 0: [page(0, 1)], 1: [page(1, 2)], 2: [new Error('broken')] })
    const seen: string[] = []
    const walking = (async () => {
      for await (const { rows } of walkPages(fetchPage)) seen.push(...rows)
    })()
    await expect(walking).rejects.toThrow('broken')
    expect(seen).toEqual(['row 0', 'row 1'])
  })

  it('calls back the pages on their way when the walk is left early', async () => {
    const called: number[] = []
    const calledBack: number[] = []
    async function fetchPage(index: number, signal: AbortSignal): Promise<Page> {
      called.push(index)
      if (index > 1)
        await new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            calledBack.push(index)
            reject(signal.reason)
          })
        })
      return page(index, index + 1, 20)
    }
    for await (const { rows } of walkPages(fetchPage)) if (rows[0] === 'row 1') break
    expect(called).toEqual([0, 1, 2, 3, 4, 5])
    expect(calledBack).toEqual([2, 3, 4, 5])
  })

  it('skips to the page that Apple names', async () => {
    const { fetchPage } = setUp({
      0: [page(0, 2, 4)],
      1: [page(1, 2, 4)],
      2: [page(2, null, 4)],
      3: [page(3, null)],
    })
    expect(rowsOf(await collect(walkPages(fetchPage)))).toEqual(['row 0', 'row 2'])
  })

  it('ends when a server names a next page for ever', async () => {
    let asked = 0
    const endless = async (index: number): Promise<Page> => {
      asked += 1
      return { rows: [], versionId: 'v1', nextPageIndex: index + 1, totalPages: null }
    }
    const walking = (async () => {
      for await (const { rows } of walkPages<string>(endless)) expect(rows).toEqual([])
    })()
    const { finding } = await troubleOf(walking)
    expect(finding).toMatchObject({
      reason: 'appleUnavailable',
      isDefinite: false,
      detail: 'the walk did not end after 100000 pages',
    })
    expect(asked).toBe(maxPagesPerWalk)
  })
})
