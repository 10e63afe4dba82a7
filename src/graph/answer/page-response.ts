/** One page of a list, read piece by piece until it is as long as was asked, or as large as an answer may be (graph 7.3). */

import type { Result } from '../handlers/handler.ts'
import type { Preferences } from '../request/preferences.ts'
import { type RowView, rowText } from './encode-row.ts'
import {
  appliedPreferences,
  contentType,
  contextMember,
  joined,
  type SuccessResponse,
} from './json-answer.ts'
import { contextOf, nextLink } from './links.ts'

interface PageView extends RowView {
  readonly preferences: Preferences
  /** Requests that are answered together with this one, itself included. */
  readonly sharedBy: number
}

type Page = Extract<Result, { readonly kind: 'page' }>

/** A page of very large records ends early instead of filling the memory; its nextLink leads on. */
const mostCharacters = 4_194_304
/** Read on trust, before anything is known of their size: as many as a page has by default. */
const fewestAtOnce = 100

export async function pageResponse(page: Page, view: PageView): Promise<SuccessResponse> {
  const { texts, next } = await writtenRows(page, view)
  const context = contextOf(view, view.options.select)
  const head = JSON.stringify({
    ...contextMember(context, { ...view, version: view.set.version }),
    ...(page.count === undefined ? {} : { '@odata.count': page.count }),
    ...(next === undefined ? {} : { '@odata.nextLink': nextLink(view, view.options, next) }),
  })
  return {
    status: 200,
    headers: { 'Content-Type': contentType(view.level), ...appliedPreferences(view, 'page') },
    body: joined(head, `{"value":[${texts.join(',')}]}`),
  }
}

async function writtenRows({ query, list }: Page, view: PageView) {
  const most = mostCharacters / view.sharedBy
  const texts: string[] = []
  let size = 0
  let after = query.after
  while (texts.length < query.limit) {
    const limit = Math.min(query.limit - texts.length, rowsToRead(texts.length, size, most))
    const piece = await list({ ...query, limit, ...(after === undefined ? {} : { after }) })
    for (const [index, row] of piece.rows.entries()) {
      const text = rowText(row, null, view)
      size += text.length
      if (texts.length > 0 && size > most)
        return { texts, next: index === 0 ? after : piece.positionAfter(index - 1) }
      texts.push(text)
    }
    after = piece.next
    if (after === undefined) break
  }
  return { texts, next: after }
}

/** As many as there is room for if they are like those before, so that lists of ordinary rows are read in two pieces. */
function rowsToRead(written: number, size: number, most: number): number {
  if (written === 0) return fewestAtOnce
  return Math.max(fewestAtOnce, Math.ceil(((most - size) * written) / size))
}
