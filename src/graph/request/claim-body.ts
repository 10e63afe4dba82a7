/** The body of a claim: the server that the caller has seen to hold the location, so that nobody takes over blindly (Apple 7). */
import { Failure } from '../../model/failure.ts'
import type { SeenHolder } from '../../model/ownership.ts'
import { isStorable } from '../../model/storable-text.ts'
import type { HttpRequest } from '../../ports/route.ts'
import { readEntityBody } from './request-body.ts'

const longestId = 4_096

/** `holderId` must be there: null says that no server was seen. Failure `invalidModel` otherwise. */
export async function readClaim(request: HttpRequest): Promise<SeenHolder> {
  const body = await readEntityBody(request)
  const members = typeof body === 'object' && body !== null ? body : {}
  const unknown = Object.keys(members).find((name) => name !== 'holderId' && !name.includes('@'))
  if (unknown !== undefined)
    throw wrong(
      unknown.slice(0, 128),
      `A claim has no parameter '${unknown.slice(0, 128)}'. It takes holderId alone.`,
    )
  const { holderId } = members as { readonly holderId?: unknown }
  if (holderId === null) return { id: null }
  if (typeof holderId === 'string' && holderId.length <= longestId && isStorable(holderId))
    return { id: holderId }
  throw wrong(
    'holderId',
    "The parameter 'holderId' must be the id of the server that holds the location, as …/owner shows it, or null where none does.",
  )
}

function wrong(property: string, message: string): Failure {
  return new Failure('invalidModel', message, { property })
}
