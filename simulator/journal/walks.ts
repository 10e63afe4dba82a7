import type { ListName } from '../library/library.ts'
import { isSuccess, type JournalEntry, queryValue } from './entry.ts'

/**
 * One walk over a list: it begins with a page 0 that arrived, and everything that asks the same question belongs to
 * it until the next page 0 does. Pages may come in any order (Apple contract 3.2).
 */
export interface Walk {
  /** Location and query apart from the page. */
  question: string
  firstVersionId: string
  sinceVersionId: string | undefined
  /** Asked for everything: no filter, so that its version stands for the whole list. */
  isUnfiltered: boolean
  uId: string | null
  entries: JournalEntry[]
  isComplete: boolean
}

export function walksOf(entries: readonly JournalEntry[], list: ListName): Walk[] {
  const walks: Walk[] = []
  const openByQuestion = new Map<string, Walk>()
  for (const entry of entries) {
    if (entry.method !== 'GET' || entry.path !== `/mdm/v2/${list}`) continue
    const question = questionOf(entry)
    if (isSuccess(entry) && entry.page?.currentPageIndex === 0) {
      const walk = beginWalk(entry, question)
      openByQuestion.set(question, walk)
      walks.push(walk)
    } else openByQuestion.get(question)?.entries.push(entry)
  }
  for (const walk of walks) walk.isComplete = isComplete(walk.entries)
  return walks
}

export function pageIndexOf(entry: JournalEntry): number {
  return Number(queryValue(entry, 'pageIndex') ?? '0')
}

export function hasFailure(walk: Walk): boolean {
  return walk.entries.some((entry) => !isSuccess(entry))
}

const notFilters = ['pageIndex', 'sinceVersionId', 'includeUserState']

function beginWalk(entry: JournalEntry, question: string): Walk {
  return {
    question,
    firstVersionId: entry.page?.versionId ?? '',
    sinceVersionId: queryValue(entry, 'sinceVersionId'),
    isUnfiltered: Object.keys(entry.query).every((name) => notFilters.includes(name)),
    uId: entry.uId,
    entries: [entry],
    isComplete: false,
  }
}

// The last page names no next one; a list that shrank ends with 9650 instead (Apple contract 3.2).
function isComplete(entries: readonly JournalEntry[]): boolean {
  const arrived = new Set<number>()
  let last: number | undefined
  for (const entry of entries) {
    if (isSuccess(entry) && entry.page) {
      const { currentPageIndex, nextPageIndex } = entry.page
      arrived.add(currentPageIndex)
      if (nextPageIndex === undefined) last = currentPageIndex
    } else if (entry.errorNumber === 9650 && pageIndexOf(entry) > 0) {
      last = Math.min(last ?? Number.POSITIVE_INFINITY, pageIndexOf(entry) - 1)
    }
  }
  if (last === undefined) return false
  return Array.from({ length: last + 1 }, (_, index) => index).every((index) => arrived.has(index))
}

function questionOf(entry: JournalEntry): string {
  const filters = Object.entries(entry.query)
    .filter(([name]) => name !== 'pageIndex')
    .sort(([left], [right]) => (left < right ? -1 : 1))
  return JSON.stringify([entry.uId, filters])
}
