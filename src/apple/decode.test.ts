import { describe, expect, it } from 'vitest'
import { decodeAssetPage, decodeAssignmentPage, decodeUserPage } from './decode.ts'
import type { JsonObject } from './json.ts'
import { createSurprises } from './surprises.ts'

const paging = {
  currentPageIndex: 0,
  size: 1,
  totalPages: 1,
  versionId: 'a5-1',
  uId: '7000000000000001',
}
const note = {
  adamId: '9000000001',
  pricingParam: 'STDQ',
  productType: 'App',
  totalCount: 10,
  availableCount: 8,
  assignedCount: 2,
  retiredCount: 0,
  deviceAssignable: true,
  revocable: true,
  supportedPlatforms: ['iOS'],
}
const free = {
  adamId: '9000000004',
  pricingParam: 'STDQ',
  productType: 'App',
  assignedCount: 1,
  deviceAssignable: true,
  revocable: true,
  supportedPlatforms: ['iOS', 'macOS'],
}
const serial = { adamId: '9000000001', pricingParam: 'STDQ', serialNumber: 'POMSER000001' }
const person = { clientUserId: 'u-0002', email: 'u-0002@harbour.example', status: 'Retired' }

const assets = (body: JsonObject) => decodeAssetPage({ ...paging, ...body }, 0, createSurprises())
const assignments = (body: JsonObject) =>
  decodeAssignmentPage({ ...paging, ...body }, 0, createSurprises())
const users = (body: JsonObject) => decodeUserPage({ ...paging, ...body }, 0, createSurprises())

describe('asset pages (Apple 2.4)', () => {
  it('are read as Apple shows them', () => {
    expect(assets({ assets: [note], nextPageIndex: 1, totalPages: 2 })).toEqual({
      rows: [
        {
          adamId: '9000000001',
          pricingParam: 'STDQ',
          productType: 'App',
          totalCount: 10,
          availableCount: 8,
          assignedCount: 2,
          retiredCount: 0,
          isUnlimited: false,
          isDeviceAssignable: true,
          isRevocable: true,
          supportedPlatforms: ['iOS'],
        },
      ],
      versionId: 'a5-1',
      nextPageIndex: 1,
      totalPages: 2,
    })
  })

  it.each([
    [2_147_483_647, true],
    [2_147_483_646, false],
  ])('take a total of %i for unlimited: %s', (totalCount, isUnlimited) => {
    const [row] = assets({ assets: [{ ...note, totalCount }] }).rows
    expect(row).toMatchObject({ totalCount, isUnlimited })
  })

  it('fill in the counts that a row of unlimitedAssets lacks', () => {
    const [row] = assets({ assets: [], unlimitedAssets: [free] }).rows
    expect(row).toMatchObject({
      adamId: '9000000004',
      totalCount: 2_147_483_647,
      availableCount: 2_147_483_646,
      assignedCount: 1,
      retiredCount: 0,
      isUnlimited: true,
    })
  })

  it('take an asset from the first place when it stands in both', () => {
    const both = { ...note, adamId: free.adamId, totalCount: 2_147_483_647, availableCount: 7 }
    const { rows } = assets({ assets: [both], unlimitedAssets: [free] })
    expect(rows.map(({ availableCount }) => availableCount)).toEqual([7])
  })

  it('read a book, an empty list of platforms and absent flags', () => {
    const { deviceAssignable, revocable, supportedPlatforms, ...rest } = note
    const [row] = assets({ assets: [{ ...rest, pricingParam: 'PLUS', productType: 'Book' }] }).rows
    expect([deviceAssignable, revocable, supportedPlatforms]).toEqual([true, true, ['iOS']])
    expect(row).toMatchObject({
      productType: 'Book',
      isDeviceAssignable: false,
      isRevocable: false,
      supportedPlatforms: [],
    })
  })

  it.each([
    [{ assets: undefined }, 'assets.assets'],
    [{ assets: null }, 'assets.assets'],
    [{ assets: {} }, 'assets.assets'],
    [{ assets: ['x'] }, 'asset'],
    [{ assets: [], unlimitedAssets: 1 }, 'assets.unlimitedAssets'],
    [
      { assets: [], unlimitedAssets: [{ ...free, assignedCount: '1' }] },
      'unlimitedAsset.assignedCount',
    ],
    [{ assets: [], versionId: undefined }, 'assets.versionId'],
    [{ assets: [], versionId: 7 }, 'assets.versionId'],
    [{ assets: [], totalPages: '1' }, 'assets.totalPages'],
    [{ assets: [], nextPageIndex: 0.5 }, 'assets.nextPageIndex'],
    [{ assets: [], nextPageIndex: 0 }, 'assets.nextPageIndex'],
    [{ assets: [], currentPageIndex: 1 }, 'assets.currentPageIndex'],
    [{ assets: [{ ...note, adamId: 9_000_000_001 }] }, 'asset.adamId'],
    [{ assets: [{ ...note, pricingParam: undefined }] }, 'asset.pricingParam'],
    [{ assets: [{ ...note, productType: false }] }, 'asset.productType'],
    [{ assets: [{ ...note, totalCount: '10' }] }, 'asset.totalCount'],
    [{ assets: [{ ...note, availableCount: null }] }, 'asset.availableCount'],
    [{ assets: [{ ...note, assignedCount: 1.5 }] }, 'asset.assignedCount'],
    [{ assets: [{ ...note, retiredCount: undefined }] }, 'asset.retiredCount'],
    [{ assets: [{ ...note, deviceAssignable: 'yes' }] }, 'asset.deviceAssignable'],
    [{ assets: [{ ...note, revocable: 1 }] }, 'asset.revocable'],
    [{ assets: [{ ...note, supportedPlatforms: 'iOS' }] }, 'asset.supportedPlatforms'],
    [{ assets: [{ ...note, supportedPlatforms: [1] }] }, 'asset.supportedPlatforms'],
  ])('name the field that has another shape: %j → %s', (body, field) => {
    expect(() => assets(body)).toThrow(`other JSON shape: ${field}`)
  })
})

describe('assignment pages (Apple 2.5)', () => {
  it('are read with their kind of target', () => {
    const user = { adamId: '9000000003', pricingParam: 'PLUS', clientUserId: 'u-0001', idHash: 'h' }
    expect(assignments({ assignments: [serial, user] }).rows).toEqual([
      {
        adamId: '9000000001',
        pricingParam: 'STDQ',
        targetKind: 'serialNumber',
        target: 'POMSER000001',
      },
      { adamId: '9000000003', pricingParam: 'PLUS', targetKind: 'clientUserId', target: 'u-0001' },
    ])
  })

  it.each([
    [{}, 'assignments.assignments'],
    [{ assignments: [null] }, 'assignment'],
    [{ assignments: [{ ...serial, serialNumber: null }] }, 'assignment.clientUserId'],
    [{ assignments: [{ ...serial, serialNumber: 5 }] }, 'assignment.serialNumber'],
    [{ assignments: [{ ...serial, adamId: null }] }, 'assignment.adamId'],
    [{ assignments: [{ ...serial, pricingParam: 0 }] }, 'assignment.pricingParam'],
  ])('name the field that has another shape: %j → %s', (body, field) => {
    expect(() => assignments(body)).toThrow(`other JSON shape: ${field}`)
  })
})

describe('user pages (Apple 2.6)', () => {
  it('are read with null for what is absent', () => {
    const bound = {
      clientUserId: 'u-0001',
      status: 'Associated',
      idHash: 'h1',
      inviteCode: 'c',
      email: null,
    }
    expect(users({ users: [bound, person] }).rows).toEqual([
      { clientUserId: 'u-0001', status: 'Associated', idHash: 'h1', inviteCode: 'c', email: null },
      {
        clientUserId: 'u-0002',
        status: 'Retired',
        idHash: null,
        inviteCode: null,
        email: 'u-0002@harbour.example',
      },
    ])
  })

  it.each([
    [{}, 'users.users'],
    [{ users: [{ ...person, clientUserId: null }] }, 'user.clientUserId'],
    [{ users: [{ ...person, status: undefined }] }, 'user.status'],
    [{ users: [{ ...person, email: 1 }] }, 'user.email'],
    [{ users: [{ ...person, idHash: [] }] }, 'user.idHash'],
    [{ users: [{ ...person, inviteCode: {} }] }, 'user.inviteCode'],
  ])('name the field that has another shape: %j → %s', (body, field) => {
    expect(() => users(body)).toThrow(`other JSON shape: ${field}`)
  })
})

describe('what nobody knows yet (Apple C13)', () => {
  it('is read all the same and noted once by name', () => {
    const surprises = createSurprises()
    const strange = {
      ...{ ...note, colour: 'blue', productType: 'Game', pricingParam: 'GOLD' },
      supportedPlatforms: ['iOS', 'waterOS', 'macOS'],
    }
    const page = decodeAssetPage({ ...paging, news: 1, assets: [strange, strange] }, 0, surprises)
    expect(page.rows).toHaveLength(2)
    decodeAssignmentPage({ ...paging, assignments: [{ ...serial, since: 'x' }] }, 0, surprises)
    decodeUserPage({ ...paging, users: [{ ...person, status: 'Asleep' }] }, 0, surprises)
    expect(surprises.names).toEqual([
      'assets.news',
      'asset.colour',
      'asset.pricingParam=GOLD',
      'asset.productType=Game',
      'asset.supportedPlatforms=waterOS',
      'assignment.since',
      'user.status=Asleep',
    ])
  })

  it('is bounded in number and length', () => {
    const surprises = createSurprises()
    const many = Object.fromEntries(
      Array.from({ length: 500 }, (_, n) => [`${'f'.repeat(200)}${n}`, n]),
    )
    const more = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`g${n}`, n]))
    decodeAssetPage({ ...paging, ...many, ...more, assets: [] }, 0, surprises)
    expect(surprises.names).toHaveLength(100)
    expect(surprises.names[0]).toBe(`assets.${'f'.repeat(73)}`)
  })
})
