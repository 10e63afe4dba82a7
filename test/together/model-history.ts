/** A history that really happens: at Apple's side as the simulator has it, and in a service that may die on the way. */
import { expect } from 'vitest'
import type { LicenseRequest } from '../../src/model/license-request.ts'
import { expectGoodConduct, expectPerfectConduct, expectReceipts } from './model-conduct.ts'
import type { Circumstances, Step } from './model-steps.ts'
import { type LocationView, storedRows, trueView } from './stored-truth.ts'
import { ours, type Place, type TruthWorld, truthWorld } from './truth-world.ts'

const hourMs = 3_600_000

/** Once things are quiet Pomona's view is the truth, and its conduct was good all the time. */
export async function expectTruthAfter(steps: readonly Step[]): Promise<void> {
  const world = await truthWorld()
  try {
    for (const each of steps) await take(world, each)
    await calm(world)
    await finish(world)
    await expectTruth(world)
    await expectReceipts(world)
    await expectGoodConduct(world, steps)
    await expectQuietLife(world)
  } finally {
    await world.close()
  }
}

/** A day later everything is walked in full; what that leaves behind must do for a delta, and for Pomona's own writes. */
async function expectQuietLife(world: TruthWorld): Promise<void> {
  const [own] = world.places
  world.clock.turn(25 * hourMs)
  await world.apple.control('DELETE', '/journal')
  await expectTruth(world)
  await world.apple.control('DELETE', `/libraries/${ours}/assignments`, {
    ...{ assets: [{ adamId: '9000000001' }], serialNumbers: ['POMSER000001', 'S1', 'S2'] },
  })
  await expectTruth(world)
  await world.ask(own, {
    ...{ action: 'assign', assets: [{ adamId: '9000000004', pricingParam: 'STDQ' }] },
    ...{ targetKind: 'serialNumber', targets: ['LAST1', 'LAST2'] },
  })
  await finish(world)
  await expectTruth(world)
  await expectPerfectConduct(world)
}

async function expectTruth(world: TruthWorld): Promise<void> {
  for (const place of world.places) await world.askForSync(place)
  await world.runDue()
  for (const { uId, tokenId } of world.places) {
    const { status, figures } = await world.lastRun(tokenId)
    expect([uId, status]).toEqual([uId, 'completed'])
    expect(withoutPast(await storedRows(world.tenant.reads, tokenId))).toEqual(
      withoutPast(await trueView(world.apple, uId)),
    )
    expect(figures).toMatchObject({ rowsSuspect: 0, assetsUneven: 0 })
  }
}

/** Retired rows of one clientUserId that were never bound to an account are one row here: nothing but an address tells them apart. */
function withoutPast({ users, ...view }: LocationView): LocationView {
  const told = users.map((user) => user.replace(/^(\S+ Retired) \S*/, '$1'))
  return { ...view, users: [...new Set(told)].sort() }
}

async function take(world: TruthWorld, each: Step): Promise<void> {
  const { apple, places } = world
  const { control } = apple
  switch (each.kind) {
    case 'atApple':
      await control(each.method, each.path, each.body).catch(() => undefined)
      return
    case 'users':
      return changeUsersElsewhere(world, each)
    case 'midWalk':
      await control('POST', '/walk-scripts', each.script)
      return
    case 'event':
      await control('POST', '/event-scripts', each.script)
      return
    case 'content':
      await control('POST', `/tokens/${places[0].content.tokenId}/${each.becomes}`)
      return
    case 'write':
      return ask(world, each.request)
    case 'syncNow':
      for (const place of places) await world.askForSync(place)
      return
    case 'run':
      await arrange(world, each)
      return world.runNext()
    case 'killedRun':
      await arrange(world, each)
      for (const place of places) await world.askForSync(place)
      return world.runKilled(each.uses)
  }
}

async function arrange(
  { apple, clock }: TruthWorld,
  { hours, faults }: Circumstances,
): Promise<void> {
  clock.turn(hours * hourMs)
  for (const rule of faults) await apple.control('POST', '/faults', rule)
}

/** Done in two seconds that are another server's alone. */
async function changeUsersElsewhere(
  { apple, clock, places }: TruthWorld,
  { verb, ids }: Extract<Step, { kind: 'users' }>,
): Promise<void> {
  clock.turn(2_000)
  await fetch(`${apple.dataUrl}/users/${verb}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${places[0].content.file}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ users: ids.map((clientUserId) => ({ clientUserId })) }),
  })
  clock.turn(2_000)
}

async function ask(world: TruthWorld, request: LicenseRequest): Promise<void> {
  const [own, observed] = world.places
  await expect(world.ask(observed, request)).rejects.toMatchObject({ code: 'conflict' })
  await world.ask(own, request).catch((error: { code?: string }) => {
    // Such as while Apple does not accept the content token.
    expect(error.code).toBe('conflict')
  })
}

/** Nothing happens any more but time. */
async function calm({ apple, clock, places }: TruthWorld): Promise<void> {
  const { control } = apple
  for (const { id } of (await control('GET', '/faults')).faults)
    await control('DELETE', `/faults/${id}`)
  for (const { id } of (await control('GET', '/walk-scripts')).walkScripts)
    await control('DELETE', `/walk-scripts/${id}`)
  for (const { id } of (await control('GET', '/event-scripts')).eventScripts)
    await control('DELETE', `/event-scripts/${id}`)
  await control('POST', `/tokens/${places[0].content.tokenId}/restore`)
  // Whatever Apple asked to wait for is over.
  clock.turn(hourMs)
}

async function finish(world: TruthWorld): Promise<void> {
  const { intents, runs } = world.tenant.reads
  const isOpen = async ({ tokenId }: Place) =>
    (await intents.listOpen(tokenId)).length > 0 || (await runs.findActive(tokenId)) !== undefined
  for (let turns = 0; turns < 300; turns += 1) {
    const open = await Promise.all(world.places.map(isOpen))
    if (!open.includes(true)) return
    await world.runNext()
  }
  throw new Error('The work did not end.')
}
