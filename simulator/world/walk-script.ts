import type { Library, ListName } from '../library/library.ts'
import { type LibraryWrite, performWrite } from '../library/library-writes.ts'
import type { World } from './world.ts'

/** "Before page n of a walk do these writes" (Apple contract 11.3 S2). Each script runs once. */
export interface WalkScript {
  id: string
  endpoint: ListName
  beforePage: number
  uId: string | undefined
  writes: LibraryWrite[]
  hasRun: boolean
}

/** Answers the ids of those that ran. */
export function runWalkScripts(
  world: World,
  library: Library,
  endpoint: ListName,
  pageIndex: number,
): string[] {
  const ran: string[] = []
  for (const script of world.state.walkScripts) {
    if (script.hasRun || script.endpoint !== endpoint || script.beforePage !== pageIndex) continue
    if (script.uId !== undefined && script.uId !== library.uId) continue
    script.hasRun = true
    ran.push(script.id)
    // A write that finds nothing left to do has no effect: the walk goes on as it would at Apple.
    for (const write of script.writes) performWrite(world, library, write)
  }
  return ran
}
