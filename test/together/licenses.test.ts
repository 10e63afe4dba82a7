/** Work on licences against the simulator, on a turned clock: what was asked for is done, told, and true in both places. */
import { afterEach, describe, expect, test } from 'vitest'
import { type LicenseWorld, licenseWorld } from './license-world.ts'

const kiel = '7000000000000001'
const app = { adamId: '9000000001', pricingParam: 'STDQ' }

let world: LicenseWorld | undefined
afterEach(() => world?.close())

const small = async () => {
  world = await licenseWorld('small', kiel)
  return world
}

describe('an assignment', () => {
  test('of one app to one device is asked for, followed and closed with a receipt', async () => {
    const { ask, finish, receipts, views } = await small()
    const intent = await ask({
      ...{ action: 'assign', assets: [app], targetKind: 'serialNumber' },
      targets: ['POMSER000003'],
    })
    const ended = await finish(intent)
    expect(ended.record).toMatchObject({ status: 'done', totalCount: 1, doneCount: 1 })
    expect(await receipts(intent)).toEqual([
      {
        ...{ ...app, serialNumber: 'POMSER000003', clientUserId: null },
        ...{ status: 'done', reason: null, errorNumber: 0 },
      },
    ])
    const [stored, truth] = await views()
    expect(stored).toEqual(truth)
  })
})
