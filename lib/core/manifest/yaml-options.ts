import type { DocumentOptions, LineCounter, ParseOptions, SchemaOptions, Tags } from 'yaml'

const unknownToKubernetes = new Set([
  'tag:yaml.org,2002:timestamp',
  'tag:yaml.org,2002:binary',
  'tag:yaml.org,2002:omap',
  'tag:yaml.org,2002:pairs',
  'tag:yaml.org,2002:set',
])

/**
 * Reads scalars as kubectl and Helm do (go-yaml v2: YAML 1.1 booleans and octals, merge keys), but without what go-yaml
 * does not read either: sexagesimal numbers (`22:22`); dates stay text. Keys are always text, and a key that is a map, as an
 * unquoted `{{ template }}` makes one, is an error.
 */
export function yamlOptions(lineCounter?: LineCounter): ParseOptions & DocumentOptions & SchemaOptions {
  return {
    version: '1.1',
    merge: true,
    stringKeys: true,
    prettyErrors: false,
    logLevel: 'silent',
    customTags: (tags: Tags): Tags =>
      tags.filter(
        (tag) =>
          typeof tag === 'string' || !(unknownToKubernetes.has(tag.tag) || ('format' in tag && tag.format === 'TIME')),
      ),
    ...(lineCounter ? { lineCounter } : {}),
  }
}
