import { describe, expect, test } from 'vitest'
import { assetRow } from '../../../test/sync/scripted-apple.ts'
import { never, utc } from '../../model/date-time-offset.ts'
import type { StoredItem } from '../../model/library-item.ts'
import type { AppMetadata } from '../../ports/app-metadata.ts'
import { newItem } from './library-record.ts'
import { ownedItems } from './owned-items.ts'
import { itemAfterLookup } from './store-facts.ts'

const created = '2026-12-01T09:00:00.0000000Z'
const later = '2026-12-02T09:00:00.0000000Z'
const asked = { at: later, from: 'enterprisestore de' }

const metadata: AppMetadata = {
  displayName: 'Tidepool Notes',
  bundleId: 'test.pomona.tidepool',
  publisher: 'Pomona Test Studio',
  description: 'Made-up app.',
  appStoreUrl: 'https://apps.example/de/app/id1',
  informationUrl: null,
  privacyInformationUrl: null,
  releaseDateTime: utc('2024-05-06T00:00:00.0000000Z'),
  applicableDeviceType: { type: 'iosDeviceType', iPad: true, iPhoneAndIPod: false },
  genres: ['Produktivität'],
  language: 'de-de',
  iconUrl: 'https://img.example/1.png',
}

function stored(part: Parameters<typeof assetRow>[1] = {}): StoredItem {
  const [owned] = ownedItems([assetRow('1', part)])
  if (!owned) throw new Error('nothing is owned')
  return { ...newItem(owned, 'id-1', created), version: 1 }
}

describe('a new item', () => {
  test('is known by its number, and for every device, until the store says more', () => {
    expect(stored()).toMatchObject({
      record: {
        id: 'id-1',
        adamId: '1',
        displayName: '1',
        bundleId: null,
        releaseDateTime: never,
        applicableDeviceType: { type: 'iosDeviceType', iPad: true, iPhoneAndIPod: true },
        createdDateTime: utc(created),
        lastModifiedDateTime: utc(created),
        largeIcon: null,
      },
      metadataAt: null,
      metadataFrom: null,
      iconUrl: null,
      iconFrom: null,
    })
  })
})

describe('an item that the store knows', () => {
  test('gets its facts and the time of the change', () => {
    const { iconUrl, genres, language, ...facts } = metadata
    const { record, ...kept } = itemAfterLookup(stored(), metadata, asked)
    expect(record).toMatchObject({ ...facts, lastModifiedDateTime: utc(later), id: 'id-1' })
    expect(kept).toEqual({
      metadataAt: later,
      metadataFrom: 'enterprisestore de',
      iconUrl,
      iconFrom: null,
    })
  })

  test.each([
    ['a book has genres and language', { productType: 'Book' }, ['Produktivität'], 'de-de', null],
    ['an app has devices', {}, [], null, metadata.applicableDeviceType],
    ['an app for the Mac has none of them', { supportedPlatforms: ['macOS'] }, [], null, null],
  ])('%s', (_what, part, genres, language, applicableDeviceType) => {
    expect(itemAfterLookup(stored(part), metadata, asked).record).toMatchObject({
      genres,
      language,
      applicableDeviceType,
    })
  })

  test('without a name or devices keeps its number and is for every device', () => {
    const nameless = { ...metadata, displayName: null, applicableDeviceType: null }
    expect(itemAfterLookup(stored(), nameless, asked).record).toMatchObject({
      displayName: '1',
      applicableDeviceType: { iPad: true, iPhoneAndIPod: true },
    })
  })

  test('by the same facts is asked about, not changed', () => {
    const known = { ...itemAfterLookup(stored(), metadata, { ...asked, at: created }), version: 2 }
    const again = itemAfterLookup(known, metadata, asked)
    expect(again.record).toBe(known.record)
    expect(again.metadataAt).toBe(later)
  })

  test('without a picture any more loses the stored one', () => {
    const known = { ...itemAfterLookup(stored(), metadata, { ...asked, at: created }), version: 2 }
    const shown = { ...known, iconFrom: metadata.iconUrl }
    const after = itemAfterLookup(shown, { ...metadata, iconUrl: null }, asked)
    expect(after).toMatchObject({ iconUrl: null, iconFrom: null })
    expect(after.record.lastModifiedDateTime).toEqual(utc(later))
  })
})

test('an item that the store does not know (any more) keeps what it has', () => {
  const known = { ...itemAfterLookup(stored(), metadata, { ...asked, at: created }), version: 2 }
  const shown = { ...known, iconFrom: metadata.iconUrl }
  const { version: _, ...kept } = shown
  expect(itemAfterLookup(shown, undefined, { at: later, from: 'enterprisestore fr' })).toEqual({
    ...kept,
    metadataAt: later,
    metadataFrom: 'enterprisestore fr',
  })
})
