import { Failure } from '../model/failure.ts'
import type { Api } from './api.ts'

/** Every row of a list of the service's, page by page. `path` holds the query options, the page size too. */
export async function wholeList<Row>(api: Api, path: string): Promise<readonly Row[]> {
  const rows: Row[] = []
  let next: string | undefined = path
  while (next !== undefined) {
    const page = (await api.ask('GET', next)) as {
      readonly value: readonly Row[]
      readonly '@odata.nextLink'?: string
    }
    rows.push(...page.value)
    const link = page['@odata.nextLink']
    next = link === undefined ? undefined : pathOfLink(link, path.split('?', 1)[0] ?? '')
  }
  return rows
}

/** A text as a filter writes it; still to be encoded for an address. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** Links name the first public origin; the access token goes only to the origin that this client was told. */
function pathOfLink(link: string, list: string): string {
  const url = URL.parse(link)
  if (!url?.pathname.startsWith(list))
    throw new Failure(
      'unavailable',
      'The service answered with a next page that is not one of its own lists. Check that the origin is Pomona’s.',
    )
  return `${url.pathname}${url.search}`
}
