/** How much one query option may hold; beyond it the request is refused and names the option (graph D19). */

/** UTF-16 code units. */
export const maxTextLength = 8_192
/** Parentheses, calls and `not` inside one another. */
export const maxDepth = 40
/** Properties and calls in one filter. */
export const maxTerms = 200
/** Calls in one filter: each looks through a text of every row, which is what costs most. */
export const maxCalls = 20
/** Of these, calls that look through texts longer than this many characters, such as descriptions. */
export const maxLongCalls = 2
export const longTextLength = 4_096
/** Values in one list of `in`. */
export const maxListItems = 500
/** Properties in one $orderby. */
export const maxOrderTerms = 20
