import type { Assignment } from '../../src/model/apple-rows.ts'
import { never, utc } from '../../src/model/date-time-offset.ts'
import type { Receipt, StoredIntent } from '../../src/model/license-intent.ts'
import { at, guid } from './samples.ts'

export const device = (target: string, adamId = '1'): Assignment => ({
  ...{ adamId, pricingParam: 'STDQ', targetKind: 'serialNumber', target },
})
export const receipt = (target: string, given: Partial<Receipt> = {}): Receipt => ({
  ...{ ...device(target), email: null, managedAppleId: null },
  ...{ status: 'waiting', reason: null, errorNumber: 0, tries: 0 },
  ...given,
})
export const intent = (id: string, given: Partial<StoredIntent['record']> = {}): StoredIntent => ({
  record: {
    ...{ id, tokenId: guid(1), action: 'assign', status: 'waiting', cause: 'request' },
    ...{ requestedBy: 'client', message: null },
    ...{ totalCount: 0, doneCount: 0, skippedCount: 0, failedCount: 0, unknownCount: 0 },
    ...{ createdDateTime: utc(at(1)), startedDateTime: never, endedDateTime: never },
    ...given,
  },
  version: 1,
  request: { action: 'reclaim', from: { kind: 'everything' } },
  ...{ cursor: 0, wakeAt: at(1), pausedUntil: null, setbacks: 0, itemId: null },
})
