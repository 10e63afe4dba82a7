import type { Library } from '../library/library.ts'
import type { IssuedToken } from '../tokens/token-state.ts'
import type { RealTime } from '../world/clock.ts'
import { settle } from '../world/going-on.ts'
import type { World } from '../world/world.ts'
import { ControlError } from './control-error.ts'
import { type Decode, plainObject } from './decode.ts'
import { nearestHint } from './nearest-name.ts'

/** What the control plane works on: all the worlds of one simulator. */
export interface ControlPlane {
  worlds: Map<string, World>
  time: RealTime
  controlKey: string
  origins: { data: string; control: string }
}

export interface ControlCall {
  plane: ControlPlane
  params: Record<string, string>
  query: URLSearchParams
  /** Parsed JSON; an empty object when none was sent. */
  body: unknown
}

export interface ControlAnswer {
  status: number
  body: unknown
}

export type ControlHandler = (call: ControlCall) => ControlAnswer | Promise<ControlAnswer>

export const ok = (body: unknown): ControlAnswer => ({ status: 200, body })
export const created = (body: unknown): ControlAnswer => ({ status: 201, body })
export const gone: ControlAnswer = { status: 204, body: undefined }

export function bodyOf<T>(call: ControlCall, decode: Decode<T>): T {
  return decode(call.body, 'The body')
}

/** For calls that take no body: what is sent anyway is a mistake worth telling. */
export function expectNoBody(call: ControlCall): void {
  const [member] = Object.keys(plainObject(call.body, 'The body'))
  if (member !== undefined) {
    throw new ControlError(400, `This call takes no body, but "${member}" was sent. Leave it out.`)
  }
}

export function paramOf(call: ControlCall, name: string): string {
  return call.params[name] ?? ''
}

/** The world as it is now: what was due in it has happened. */
export function worldOf(call: ControlCall): World {
  const name = paramOf(call, 'world')
  const world = call.plane.worlds.get(name)
  if (world === undefined) {
    throw new ControlError(
      404,
      `There is no world "${name}". ${nearestHint(name, [...call.plane.worlds.keys()])}`,
    )
  }
  settle(world)
  return world
}

export function libraryOf(call: ControlCall, uId = paramOf(call, 'uId')): Library {
  const { libraries } = worldOf(call).state
  const library = libraries.get(uId)
  if (library === undefined) {
    throw new ControlError(
      404,
      `There is no location "${uId}" in this world. ${nearestHint(uId, [...libraries.keys()])}`,
    )
  }
  return library
}

export function tokenOf(call: ControlCall): IssuedToken {
  const tokenId = paramOf(call, 'tokenId')
  const { tokens } = worldOf(call).state
  const token = tokens.find((candidate) => candidate.tokenId === tokenId)
  if (token === undefined) {
    const ids = tokens.map((candidate) => candidate.tokenId)
    throw new ControlError(
      404,
      `There is no token "${tokenId}" in this world. ${nearestHint(tokenId, ids)}`,
    )
  }
  return token
}
