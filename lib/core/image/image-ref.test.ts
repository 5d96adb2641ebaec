import { describe, expect, it } from 'vitest'
import { formatImageRef, isValidTag, parseImageRef, repositoryName, withTag } from './index.ts'

const sha = `sha256:${'a1'.repeat(32)}`
const otherSha = `sha256:${'b2'.repeat(32)}`

describe('parseImageRef', () => {
  it.each([
    ['one segment is a Docker Hub library image', 'nats', 'index.docker.io', 'library/nats', undefined],
    ['one segment with tag', 'alpine:1.5', 'index.docker.io', 'library/alpine', '1.5'],
    ['one segment, digits behind the colon are a tag', 'app:5000', 'index.docker.io', 'library/app', '5000'],
    ['two segments without host', 'stefanprodan/podinfo:0.4.0', 'index.docker.io', 'stefanprodan/podinfo', '0.4.0'],
    ['two segments, localhost', 'localhost/app:1', 'localhost', 'app', '1'],
    ['two segments, localhost within the name', 'my-localhost-registry/app', 'my-localhost-registry', 'app', undefined],
    ['two segments, dotted name', 'quay.io/app:v1', 'quay.io', 'app', 'v1'],
    ['two segments, dotted name with port', 'reg.example.com:8443/app:v1', 'reg.example.com:8443', 'app', 'v1'],
    ['two segments, address with port', '127.0.0.1:32001/podinfo:dev-a', '127.0.0.1:32001', 'podinfo', 'dev-a'],
    ['two segments, plain host with port (misread by Flux)', 'host:5000/app:1.2', 'host:5000', 'app', '1.2'],
    ['two segments, IPv6 with port', '[::1]:5000/app:1.2', '[::1]:5000', 'app', '1.2'],
    ['three segments, first is the host', 'gcr.io/project/app:1', 'gcr.io', 'project/app', '1'],
    ['three segments, first is the host though undotted', 'registry/team/app', 'registry', 'team/app', undefined],
    ['docker.io is Docker Hub', 'docker.io/nats:2', 'index.docker.io', 'library/nats', '2'],
    ['index.docker.io with path', 'index.docker.io/weaveworks/flux', 'index.docker.io', 'weaveworks/flux', undefined],
    ['host in capitals', 'GHCR.io/org/App:1', 'ghcr.io', 'org/App', '1'],
  ])('%s', (_label, text, host, path, tag) => {
    const ref = parseImageRef(text)
    expect(ref).toMatchObject({ written: text, host, path })
    expect(ref?.tag).toBe(tag)
  })

  it.each([
    ['tag and digest', `app:1.2@${sha}`, '1.2'],
    ['digest alone', `quay.io/org/app@${sha}`, undefined],
  ])('%s', (_label, text, tag) => {
    expect(parseImageRef(text)?.digest).toBe(sha)
    expect(parseImageRef(text)?.tag).toBe(tag)
  })

  it.each([
    ['blank', ''],
    ['leading slash', '/app'],
    ['trailing slash', 'app/'],
    ['empty segment', 'quay.io//app'],
    ['empty tag', 'app:'],
    ['empty name', ':1.0'],
    ['two tags', 'app:1:2'],
    ['space', 'app :1.0'],
    ['template', '{{ .Values.image }}'],
    ['web address', 'https://example.com/logo.png'],
    ['tag of 300 characters', `app:${'t'.repeat(300)}`],
    ['tag with a leading dash', 'app:-x'],
    ['digest cut short', 'app:1@sha256:abc'],
    ['trailing newline', 'app:1.0\n'],
    ['longer than any reference', `${'a/'.repeat(400)}app`],
  ])('refuses: %s', (_label, text) => {
    expect(parseImageRef(text)).toBeUndefined()
  })
})

describe('repositoryName', () => {
  it.each([
    ['nats:1', 'index.docker.io/library/nats'],
    ['docker.io/library/nats', 'index.docker.io/library/nats'],
    ['127.0.0.1:5000/podinfo:x', '127.0.0.1:5000/podinfo'],
  ])('%s → %s', (text, name) => {
    expect(repositoryName(parseImageRef(text)!)).toBe(name)
  })
})

describe('withTag', () => {
  it.each([
    ['keeps the written name form', 'nats:1.0', '1.1', undefined, 'nats:1.1'],
    ['keeps a written host', 'docker.io/nats:1.0', '1.1', undefined, 'docker.io/nats:1.1'],
    ['adds a tag where none was', 'host:5000/app', '1.1', undefined, 'host:5000/app:1.1'],
    ['writes the new digest', `app:1@${sha}`, '2', otherSha, `app:2@${otherSha}`],
    ['drops a digest that names the old content', `app:1@${sha}`, '2', undefined, 'app:2'],
  ])('%s', (_label, text, tag, digest, expected) => {
    const moved = withTag(parseImageRef(text)!, tag, digest)
    expect(formatImageRef(moved)).toBe(expected)
    expect(moved.written).toBe(expected)
  })
})

describe('formatImageRef', () => {
  it('prints the canonical name where nothing was written', () => {
    expect(formatImageRef({ written: '', host: 'quay.io', path: 'org/app', tag: '1' })).toBe('quay.io/org/app:1')
  })
})

describe('isValidTag', () => {
  it.each([
    ['128 characters', 't'.repeat(128), true],
    ['129 characters', 't'.repeat(129), false],
    ['underscore first', '_x', true],
    ['dot first', '.x', false],
    ['dash first', '-x', false],
    ['build metadata', '1.0.0+meta', false],
    ['empty', '', false],
    ['line break at the end', 'x\n', false],
  ])('%s', (_label, text, valid) => {
    expect(isValidTag(text)).toBe(valid)
  })
})
