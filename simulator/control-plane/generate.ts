import { countRows } from '../library/assignment-rows.ts'
import { generateFleet } from '../library/generate-fleet.ts'
import { moveVersion } from '../library/versions.ts'
import { bodyOf, type ControlHandler, libraryOf, ok } from './control-call.ts'
import { ControlError } from './control-error.ts'
import { object, or, whole } from './decode.ts'
import { shownLibrary } from './libraries.ts'

const fleet = object({
  seed: or(whole(0, 4_294_967_295), 1),
  assets: whole(1, 100_000),
  devices: whole(1, 2_000_000_000),
})

/** Once for each location: what is computed cannot be told from a second such fleet (Apple contract 11.9). */
export const generate: ControlHandler = (call) => {
  const library = libraryOf(call)
  const wanted = bodyOf(call, fleet)
  if (!generateFleet(library, wanted, library.versions.assignments + 1)) {
    throw new ControlError(
      409,
      'This location has a generated fleet, or one of its apps, already. Make a new location.',
    )
  }
  moveVersion(library, 'assignments')
  moveVersion(library, 'assets')
  return ok({ assignmentCount: countRows(library.assignments), library: shownLibrary(library) })
}
