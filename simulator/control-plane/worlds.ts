import { stopCourier } from '../notifications/rounds.ts'
import { findSeed, seeds } from '../seeds/seeds.ts'
import { defaultAtMs } from '../world/default-at.ts'
import { createWorld, resetWorld, restoreSnapshot, takeSnapshot, worldNow } from '../world/world.ts'
import type { ControlHandler, ControlPlane } from './control-call.ts'
import { bodyOf, created, expectNoBody, gone, ok, paramOf, worldOf } from './control-call.ts'
import { ControlError } from './control-error.ts'
import { type Decode, dateTime, object, oneOf, optional, or, text, texts, whole } from './decode.ts'
import { nearestHint } from './nearest-name.ts'

export const getHealth: ControlHandler = ({ plane }) =>
  ok({ status: 'ok', worlds: [...plane.worlds.keys()] })

/** What each seed holds and, for each of its tokens, what a manager is going to see (Apple contract 9.4). */
export const listSeeds: ControlHandler = () =>
  ok({
    seeds: seeds.map(({ name, contents, libraries }) => ({
      name,
      contents,
      uIds: libraries.map((library) => library.uId),
      libraries: libraries.map(({ uId, locationName, tokens }) => ({
        uId,
        locationName,
        tokens: tokens.map((token) => ({
          tokenId: token.tokenId,
          displayName: token.displayName,
          account: token.account,
          rights: token.rights ?? 'full',
          expiresInSeconds: token.expiresInSeconds,
          promisedState: token.promise.state,
          promisedReason: token.promise.reason,
        })),
      })),
    })),
  })

const seedName: Decode<string> = (value, name) => {
  const wanted = text(value, name)
  if (findSeed(wanted) === undefined) {
    const names = seeds.map((seed) => seed.name)
    throw new ControlError(400, `There is no seed "${wanted}". ${nearestHint(wanted, names)}`)
  }
  return wanted
}

/** One name or a list of them. */
const seedNames: Decode<string[]> = (value, name) =>
  Array.isArray(value)
    ? texts(value, name).map((each) => seedName(each, name))
    : [seedName(value, name)]

const newWorld = object({
  name: text,
  seed: or(seedNames, []),
  rngSeed: or(whole(0, 4_294_967_295), 1),
  at: or(dateTime, defaultAtMs),
  clock: or(oneOf(['running', 'frozen']), 'running' as const),
})

export const addWorld: ControlHandler = (call) => {
  const { plane } = call
  const { name, seed, rngSeed, at, clock } = bodyOf(call, newWorld)
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(name)) {
    throw new ControlError(400, `"${name}" is no name for a world. Use a-z, 0-9 and hyphens.`)
  }
  if (plane.worlds.has(name)) {
    throw new ControlError(
      409,
      `There is a world "${name}" already. Delete it first or choose another name.`,
    )
  }
  const origin = { seeds: seed, rngSeed, atMs: Math.floor(at / 1000) * 1000, clockMode: clock }
  plane.worlds.set(name, createWorld(name, origin, plane.time))
  return created({ name, seeds: seed, ...urlsOf(plane, name) })
}

function urlsOf({ origins }: ControlPlane, name: string) {
  const worldUrl = name === 'main' ? origins.data : `${origins.data}/worlds/${name}`
  return {
    dataUrl: `${worldUrl}/mdm/v2`,
    lookupUrl: `${worldUrl}/WebObjects/MZStorePlatform.woa/wa/lookup`,
    controlUrl: `${origins.control}/simulator/worlds/${name}`,
  }
}

export const removeWorld: ControlHandler = (call) => {
  expectNoBody(call)
  const world = worldOf(call)
  const { name } = world
  if (name === 'main') {
    throw new ControlError(
      409,
      'World "main" stays as long as the simulator runs. Reset it instead.',
    )
  }
  stopCourier(world.courier)
  call.plane.worlds.delete(name)
  return gone
}

export const resetToSeeds: ControlHandler = (call) => {
  const world = worldOf(call)
  const { seed } = bodyOf(call, object({ seed: optional(seedNames) }))
  resetWorld(world, { ...world.origin, ...(seed && { seeds: seed }) })
  return ok({
    name: world.name,
    seeds: world.origin.seeds,
    now: new Date(worldNow(world)).toISOString(),
  })
}

export const addSnapshot: ControlHandler = (call) => {
  const { name } = bodyOf(call, object({ name: text }))
  takeSnapshot(worldOf(call), name)
  return created({ name })
}

export const restore: ControlHandler = (call) => {
  expectNoBody(call)
  const name = paramOf(call, 'name')
  if (!restoreSnapshot(worldOf(call), name)) throw noSnapshot(call)
  return ok({ name })
}

export const removeSnapshot: ControlHandler = (call) => {
  expectNoBody(call)
  if (!worldOf(call).snapshots.delete(paramOf(call, 'name'))) throw noSnapshot(call)
  return gone
}

function noSnapshot(call: Parameters<ControlHandler>[0]): ControlError {
  const name = paramOf(call, 'name')
  const names = [...worldOf(call).snapshots.keys()]
  return new ControlError(
    404,
    `There is no snapshot "${name}" in this world. ${nearestHint(name, names)}`,
  )
}
