import { describe, expect, it } from 'vitest'
import { listDeployKeys } from '#lib/api/repository-access.ts'
import { pictureOnFailure, untilLive, type ProductInBrowser } from './product-in-browser.ts'

export function connecting(the: () => ProductInBrowser): void {
  describe('the settings of the repository', () => {
    it('say who set it, and test it step by step', async () => {
      const { page, product } = the()
      pictureOnFailure(page)
      await page.goto(`${product.web}/settings/repository`)
      await untilLive(page)
      await page.getByText('set by the environment of the processes').waitFor()
      expect(await page.getByRole('button', { name: 'Disconnect' }).count()).toBe(0)
      await page.getByRole('button', { name: 'Test connection' }).click()
      await page.getByText('A ref outside the branches was pushed and removed again.').waitFor()
    })

    it('show the deploy key, and a new one once it is rotated', async () => {
      const { page, product } = the()
      pictureOnFailure(page)
      const [before] = (await product.call(listDeployKeys, {})).items
      await page.getByText(before?.fingerprint ?? 'none').waitFor()
      await page.getByRole('button', { name: 'Rotate' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Make a new key' }).click()
      await page.getByText(before?.fingerprint ?? 'none').waitFor({ state: 'detached' })
      const [after] = (await product.call(listDeployKeys, {})).items
      expect(await page.getByRole('listitem', { name: 'Current key' }).innerText()).toContain(after?.publicKey)
    })

    it('take the key of a host, and say what is none', async () => {
      const { page } = the()
      pictureOnFailure(page)
      await page.getByRole('button', { name: 'Pin a key' }).click()
      const dialog = page.getByRole('dialog', { name: 'Pin the key of a host' })
      await dialog.getByLabel('Key').fill('github.com ssh-ed25519 AAAA')
      await dialog.getByRole('button', { name: 'Trust this key' }).click()
      await page.getByText('This is not the key of a host.').waitFor()
      // As published by GitHub.
      const blob = 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'
      await dialog.getByLabel('Key').fill(`github.com ssh-ed25519 ${blob}`)
      await dialog.getByRole('button', { name: 'Trust this key' }).click()
      const row = page.getByRole('listitem', { name: 'github.com' })
      await row.waitFor()
      expect(await row.innerText()).toContain('SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU')
    })
  })

  describe('the settings of the cluster', () => {
    it('say what it lets Wheelhouse do', async () => {
      const { page, product } = the()
      pictureOnFailure(page)
      await page.goto(`${product.web}/settings/clusters`)
      await untilLive(page)
      await page.getByRole('button', { name: 'Test cluster' }).click()
      await page.getByText('create workloads').waitFor()
      expect(await page.getByRole('img', { name: 'not allowed' }).count()).toBe(0)
      expect(await page.getByRole('img', { name: 'allowed', exact: true }).count()).toBe(11)
    })
  })
}
