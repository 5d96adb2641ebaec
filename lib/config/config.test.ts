import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

describe('readConfig', () => {
  it('observes on loopback by default', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      webUrl: 'http://127.0.0.1:3000',
      defaultMode: 'observe',
      databaseUrl: undefined,
      insecureRegistries: [],
      clusterName: 'default',
      pollIntervalMs: 300_000,
    })
  })

  it('takes an empty variable as absent', () => {
    expect(readConfig({ DATABASE_URL: '', PORT: '' })).toMatchObject({ databaseUrl: undefined, port: 3000 })
  })

  it('splits the list of registries', () => {
    expect(readConfig({ WHEELHOUSE_INSECURE_REGISTRIES: 'a:5000, b' }).insecureRegistries).toEqual(['a:5000', 'b'])
  })

  it('knows GitHub by token or by App, and by one alone', () => {
    const app = { WHEELHOUSE_GITHUB_APP_ID: '4711', WHEELHOUSE_GITHUB_APP_KEY: '/key.pem' }
    expect(readConfig({}).github).toBeUndefined()
    expect(readConfig({ WHEELHOUSE_GITHUB_TOKEN: 'ghp_x' }).github).toEqual({ kind: 'token', token: 'ghp_x' })
    expect(readConfig(app).github).toEqual({ kind: 'app', appId: '4711', keyFile: '/key.pem' })
    expect(() => readConfig({ ...app, WHEELHOUSE_GITHUB_TOKEN: 'ghp_x' })).toThrow('leave it out')
  })

  const bad: [label: string, name: string, value: string][] = [
    ['a port that is no number', 'PORT', 'http'],
    ['a database of another kind', 'DATABASE_URL', 'mysql://localhost/x'],
    ['a mode that does not exist', 'WHEELHOUSE_MODE', 'dry-run'],
    ['a short hook secret', 'WHEELHOUSE_HOOK_SECRET', 'short'],
    ['a branch that git would take for an option', 'WHEELHOUSE_BRANCH', '--upload-pack=x'],
    ['a GitHub App that is none', 'WHEELHOUSE_GITHUB_APP_ID', 'wheelhouse'],
    ['an App without its key', 'WHEELHOUSE_GITHUB_APP_ID', '4711'],
    ['a key without its App', 'WHEELHOUSE_GITHUB_APP_KEY', '/key.pem'],
    ['an API that is no address', 'WHEELHOUSE_GITHUB_API', 'github.example.com'],
    ['an interval of no time', 'WHEELHOUSE_POLL_INTERVAL_MS', '0'],
  ]
  it.each(bad)('names %s', (_label, name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(new RegExp(name))
  })

  it('names all of them at once and tells no value', () => {
    const failing = () => readConfig({ PORT: 'canary', WHEELHOUSE_HOOK_SECRET: 'canary' })
    expect(failing).toThrow(ConfigError)
    expect(failing).toThrow(/PORT[\s\S]*WHEELHOUSE_HOOK_SECRET/)
    expect(failing).not.toThrow(/canary/)
  })
})
