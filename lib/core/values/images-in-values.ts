import { isMap, parseDocument, stringify } from 'yaml'
import { detectContainersInNode } from './detect-containers.ts'
import type { Container } from './types.ts'

/** The images in values that no document holds any more, such as those of an earlier Helm revision. */
export function imagesInValues(
  values: Readonly<Record<string, unknown>>,
  annotations: Readonly<Record<string, string>>,
): Container[] {
  const text = stringify({ kind: 'HelmRelease', spec: { values } })
  const { contents } = parseDocument(text)
  return isMap(contents) ? detectContainersInNode(contents, text, annotations).containers : []
}
