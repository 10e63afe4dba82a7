import type { IncomingHttpHeaders } from 'node:http'
import type { Library } from '../library/library.ts'
import type { IssuedToken } from '../tokens/token-state.ts'
import type { World } from '../world/world.ts'
import type { DataCall } from './call.ts'

/** A call that needs no login. */
export interface OpenCall {
  world: World
  /** Scheme, host and world of the data plane, without `/mdm/v2`. */
  worldUrl: string
  query: URLSearchParams
  /** What stands in the path in place of the `{names}` of the endpoint's. */
  params: Record<string, string>
  headers: IncomingHttpHeaders
}

/** A call that passed the checks of Apple contract 11.2 up to stage 9 (body is JSON). */
export interface LocationCall extends OpenCall {
  library: Library
  token: IssuedToken
  body: unknown
  /** As it arrived, for rules that match calls. */
  sent: DataCall
}

export interface Arrival {
  world: World
  worldUrl: string
  call: DataCall
  /** The token that the bearer is, byte for byte; undefined when it is none of this world's. */
  token: IssuedToken | undefined
  library: Library | undefined
  /** Calls of this location in flight, this one included. */
  inFlight: number
  /** Whether this start is one too many in the sliding second. */
  overRate: boolean
}
