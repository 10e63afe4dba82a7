/** XML as text: elements with attributes and children, nothing more. */
type Attributes = Readonly<Record<string, string | boolean | number | undefined>>

/** An attribute that is undefined is left out. `children` are elements already written. */
export function element(name: string, attributes: Attributes, children: readonly string[] = []) {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
  const head = `<${name}${written.join('')}`
  return children.length === 0 ? `${head}/>` : `${head}>${children.join('')}</${name}>`
}

function escaped(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
