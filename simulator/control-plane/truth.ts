import { fullRow } from '../data-plane/assets.ts'
import { shownUser } from '../data-plane/users.ts'
import { type AssignmentRows, countRows } from '../library/assignment-rows.ts'
import type { Asset } from '../library/library.ts'
import { pageOf } from '../library/paging.ts'
import { selectRows } from '../library/select-rows.ts'
import { type ControlHandler, libraryOf, ok, worldOf } from './control-call.ts'
import { ControlError } from './control-error.ts'
import { wrong } from './decode.ts'
import { shownLibrary } from './libraries.ts'

const rowsPerPage = 1000
const mostRowsAtOnce = 100_000

/**
 * What is really in a location, whatever its tokens may see. All assignment rows at once, or a thousand of them
 * with `?pageIndex=` (Apple contract 11.5).
 */
export const getTruth: ControlHandler = (call) => {
  const library = libraryOf(call)
  const { switches } = worldOf(call).state
  const { assignments, ...paging } = assignmentRows(
    library.assignments,
    call.query.get('pageIndex'),
  )
  return ok({
    ...shownLibrary(library),
    assets: library.assets.map((asset: Asset) => ({
      ...fullRow(asset, switches),
      unlimited: asset.licenses.totalCount === 'unlimited',
    })),
    assignmentCount: countRows(library.assignments),
    assignments: assignments.map(({ adamId, pricingParam, target }) => ({
      adamId,
      pricingParam,
      ...target,
    })),
    ...paging,
    users: library.users.map(shownUser),
    notificationUrl: library.notification?.url ?? null,
    subscribedNotificationTypes: library.subscribedNotificationTypes,
  })
}

function assignmentRows(held: AssignmentRows, pageIndex: string | null) {
  const rows = selectRows(held, {})
  if (pageIndex === null && rows.length > mostRowsAtOnce) {
    throw wrong(`There are ${rows.length} assignments. Ask for them in pages, with pageIndex=0.`)
  }
  if (pageIndex === null) return { assignments: rows.slice(0, rows.length) }
  if (!/^\d{1,9}$/.test(pageIndex)) throw wrong('pageIndex has to be a whole number from 0.')
  const page = pageOf(rows, Number(pageIndex), rowsPerPage, 1)
  if (page === undefined) throw new ControlError(404, `There is no page ${pageIndex}. Start at 0.`)
  const { currentPageIndex, nextPageIndex, totalPages } = page
  return { assignments: page.rows, currentPageIndex, nextPageIndex, totalPages }
}
