import type { ListName } from '../library/library.ts'
import { type Page, pageOf } from '../library/paging.ts'
import type { RowList } from '../library/row-list.ts'
import { currentVersionId } from '../library/versions.ts'
import { runWalkScripts } from '../world/walk-script.ts'
import { type Answer, jsonAnswer, Refusal } from './answer.ts'
import { commonMembers } from './common-members.ts'
import type { LocationCall } from './request.ts'

/**
 * One page of a list in Apple's order of members (Apple contract 2.4 to 2.6). `select` is asked only after the
 * walk scripts of this page have done their writes, so that the page shows them (11.3 S2).
 */
export function listAnswer<Row>(
  call: LocationCall,
  list: ListName,
  pageIndex: number,
  select: () => RowList<Row>,
  members: (rows: Row[]) => Record<string, unknown>,
): Answer {
  const { world, library } = call
  const scripts = runWalkScripts(world, library, list, pageIndex)
  const { settings, switches } = world.state
  const page = pageOf(select(), pageIndex, settings.pageSizes[list], switches.emptyTotalPages)
  if (page === undefined) throw new Refusal(9650)
  const versionId = currentVersionId(library, list)
  const answer = jsonAnswer(200, {
    ...members(page.rows),
    ...pagingMembers(page),
    versionId,
    ...commonMembers(call),
  })
  const { currentPageIndex, nextPageIndex, totalPages } = page
  return {
    ...answer,
    page: { currentPageIndex, nextPageIndex, totalPages, versionId },
    ...(scripts.length > 0 && { effect: `walk script ${scripts.join(', ')}` }),
  }
}

function pagingMembers(page: Page<unknown>) {
  return {
    currentPageIndex: page.currentPageIndex,
    ...(page.nextPageIndex !== undefined && { nextPageIndex: page.nextPageIndex }),
    size: page.size,
    totalPages: page.totalPages,
  }
}
