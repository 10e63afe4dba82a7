/** What lists of licence summaries are made of: one row per token that owns an app of a bundle id (graph 3.4, Apple 9.3). */
import { unlimitedCount } from '../../model/apple-rows.ts'
import { type LicenseSummary, vppTokenLicenseSummary } from '../../model/license-summary.ts'
import { columnOperands, entityColumns } from './entity-columns.ts'
import type { ListSource } from './list-source.ts'
import type { RowFacts } from './list-statement.ts'

// Items of one adamId, such as an app's for iOS and for macOS, share its licences, so each adamId counts once.
const apps = `select token_number, max(available_license_count) as available,
    max(used_license_count) as used, max(is_unlimited) as is_unlimited
  from library_item where tenant_id = $1 and bundle_id = $2 group by token_number, adam_id`
const pools = `select token_number, cast(sum(available) as bigint) as available,
    cast(sum(used) as bigint) as used, max(is_unlimited) as is_unlimited
  from (${apps}) as app group by token_number`
const summaries = `select vpp_token.id as vpp_token_id, vpp_token.apple_id, vpp_token.organization_name,
    case when is_unlimited = 1 or available > ${unlimitedCount} then ${unlimitedCount} else available end
      as available_license_count,
    case when used > ${unlimitedCount} then ${unlimitedCount} else used end as used_license_count
  from (${pools}) as pool join vpp_token on vpp_token.number = pool.token_number`

/** `$1` is the tenant, `$2` the bundle id. */
export const summarySource: ListSource = {
  from: `(${summaries}) as summary`,
  where: 'true',
  key: { sql: 'summary.vpp_token_id', form: 'guid', property: 'vppTokenId' },
  operands: columnOperands('summary', vppTokenLicenseSummary),
}

const codec = entityColumns(vppTokenLicenseSummary)
export const summarySelection = codec.columns.join(', ')
export const readSummary = codec.read

export const summaryFacts: RowFacts<LicenseSummary> = {
  key: ({ vppTokenId }) => vppTokenId ?? '',
  record: (summary) => summary,
}
