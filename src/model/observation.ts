/** Everything worth logging or counting. No field can hold a secret: ids, counts, codes and times only. */
import type { AppleFinding } from './apple-finding.ts'
import type { RunFigures } from './sync-run.ts'

export type Observation =
  | { readonly kind: 'serving'; readonly origin: string; readonly appleMode: string }
  | { readonly kind: 'stopping'; readonly signal: string }
  | {
      readonly kind: 'requestAnswered'
      readonly requestId: string
      readonly method: string
      readonly route: string
      readonly status: number
      readonly durationMs: number
      readonly tenantId?: string
      readonly clientId?: string
      readonly failureCode?: string
    }
  | { readonly kind: 'requestCrashed'; readonly requestId: string; readonly error: string }
  | { readonly kind: 'accessTokenIssued'; readonly tenantId: string; readonly clientId: string }
  | {
      readonly kind: 'issuerKeysUnread'
      readonly issuer: string
      readonly reason: string
      /** In a row. */
      readonly failures: number
    }
  | { readonly kind: 'certificateRenewed'; readonly endsAt: string }
  | { readonly kind: 'certificateNotRenewed'; readonly reason: string }
  | { readonly kind: 'localCaReplaced'; readonly names: readonly string[] }
  | { readonly kind: 'signInRefused'; readonly tenantId: string; readonly reason: string }
  | {
      readonly kind: 'runEnded'
      readonly runId: string
      readonly tenantId: string
      readonly tokenId: string
      readonly status: string
      readonly finding?: AppleFinding
      readonly figures: RunFigures
      readonly durationMs: number
    }
  | {
      readonly kind: 'metadataRefreshed'
      readonly runId: string
      readonly tenantId: string
      readonly tokenId: string
      /** Apps and books asked about, and those of them that changed. */
      readonly asked: number
      readonly changed: number
      /** Pictures stored, and those that could not be had. */
      readonly icons: number
      readonly iconsMissed: number
      /** False = the next run goes on. */
      readonly isWhole: boolean
      readonly durationMs: number
    }
  | {
      /** Names or pictures could not be had; the run goes on without. */
      readonly kind: 'metadataUnread'
      readonly runId: string
      readonly tenantId: string
      readonly tokenId: string
      readonly detail: string
      readonly host?: string
      readonly httpStatus?: number
    }
  | {
      /** Neither the token nor Apple names a country (`countryOrRegion`), so that no store can be asked for names. */
      readonly kind: 'storefrontUnknown'
      readonly runId: string
      readonly tenantId: string
      readonly tokenId: string
    }
  | {
      /** Apple told of something that this program does not know (Apple C13). */
      readonly kind: 'notificationUnknown'
      readonly tenantId: string
      readonly tokenId: string
      readonly type: string
    }
  | {
      /** A change of licences or users has ended: how many pairs or users came to what. */
      readonly kind: 'intentEnded'
      readonly tenantId: string
      readonly tokenId: string
      readonly intentId: string
      readonly action: string
      readonly status: string
      readonly done: number
      readonly skipped: number
      readonly failed: number
      readonly unknown: number
      readonly durationMs: number
    }
  | {
      readonly kind: 'runCrashed'
      readonly tenantId: string
      readonly tokenId: string
      readonly error: string
    }
  | { readonly kind: 'dueLoopFailed'; readonly error: string }
  | {
      readonly kind: 'retentionSwept'
      readonly audit: number
      readonly runs: number
      readonly idempotency: number
      readonly intents: number
    }
  | { readonly kind: 'retentionFailed'; readonly error: string }
  | { readonly kind: 'appleClockSkewed'; readonly skewMs: number; readonly host: string }

/** One line a person can read, for an error that nobody foresaw: its name and where it was thrown, not what it holds. */
export function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return [error.name, ...frames.slice(0, 4).map((line) => line.trim())].join(' ')
}
