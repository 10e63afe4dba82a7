import { fullRow } from '../data-plane/assets.ts'
import { shownUser } from '../data-plane/users.ts'
import type { Asset, Assignment } from '../library.ts'
import { pageOf } from '../paging.ts'
import { type ControlHandler, libraryOf, ok, worldOf } from './control-call.ts'
import { ControlError } from './control-error.ts'
import { wrong } from './decode.ts'
import { shownLibrary } from './libraries.ts'

const rowsPerPage = 1000

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
    assignmentCount: library.assignments.length,
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

function assignmentRows(rows: readonly Assignment[], pageIndex: string | null) {
  if (pageIndex === null) return { assignments: rows }
  if (!/^\d{1,9}$/.test(pageIndex)) throw wrong('pageIndex has to be a whole number from 0.')
  const page = pageOf(rows, Number(pageIndex), rowsPerPage, 1)
  if (page === undefined) throw new ControlError(404, `There is no page ${pageIndex}. Start at 0.`)
  const { currentPageIndex, nextPageIndex, totalPages } = page
  return { assignments: page.rows, currentPageIndex, nextPageIndex, totalPages }
}
