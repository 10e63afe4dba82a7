/** Which catalog of the store is asked about a token's items (Apple 8, 9.1). Pure. */

import type { ContentKind } from '../../model/vpp-content-types.ts'
import type { VppToken } from '../../model/vpp-token.ts'
import type { Storefront } from '../../ports/app-metadata.ts'

type Place = Pick<VppToken, 'countryOrRegion' | 'appleCountryOrRegion' | 'vppTokenAccountType'>

/** The caller's country before Apple's; undefined when neither is two letters. */
export function storefrontOf(token: Place, kind: ContentKind): Storefront | undefined {
  const country = [token.countryOrRegion, token.appleCountryOrRegion]
    .map((given) => given?.toLowerCase() ?? '')
    .find((given) => /^[a-z]{2}$/.test(given))
  return country === undefined ? undefined : { platform: platformOf(token, kind), country }
}

/** As it is stored with an item, so that an item of another storefront is known as such. */
export function storefrontKey({ platform, country }: Storefront): string {
  return `${platform} ${country}`
}

/** Only `macappstore` tells what a Mac runs; the location's own platform tells the rest. */
function platformOf({ vppTokenAccountType }: Place, kind: ContentKind): Storefront['platform'] {
  if (kind === 'macOsVppApp') return 'macappstore'
  return vppTokenAccountType === 'education' ? 'volumestore' : 'enterprisestore'
}
