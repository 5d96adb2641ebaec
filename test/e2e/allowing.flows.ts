import { describe, expect, it } from 'vitest'
import { pictureOnFailure, type ProductInBrowser } from './product-in-browser.ts'

export function allowing(the: () => ProductInBrowser): void {
  describe('a viewer', () => {
    it('sees every button, why it is off and who could', async () => {
      const { windowOf, release, product } = the()
      const page = await windowOf('viewer')
      pictureOnFailure(page)
      await page.goto((await release('podinfo-dev')).path)
      const hold = page.getByRole('button', { name: 'Hold' })
      await expect.poll(() => hold.getAttribute('aria-disabled')).toBe('true')
      await hold.focus()
      await page.getByRole('tooltip').getByText('It takes the role deployer, approver or admin in dev.').waitFor()
      await hold.click({ force: true })
      expect(await page.getByRole('dialog').count()).toBe(0)

      await page.goto(`${(await release('podinfo-dev')).path}?do=lock`)
      await expect.poll(() => hold.getAttribute('aria-disabled')).toBe('true')
      await page.getByRole('dialog').waitFor({ state: 'detached' })

      await page.goto(`${product.web}/settings/people`)
      await page.getByText('Not yours to see').waitFor()
      await page.goto(`${product.web}/repository`)
      await expect.poll(() => page.getByRole('button', { name: 'Sync now' }).getAttribute('aria-disabled')).toBe('true')
      await page.context().close()
    })
  })

  describe('an API token', () => {
    it('is made, told once, works, and ends when it is revoked', async () => {
      const { page, product } = the()
      pictureOnFailure(page)
      await page.goto(`${product.web}/settings/tokens`)
      await page.getByRole('button', { name: 'New token' }).click()
      await page.getByRole('dialog', { name: 'New token' }).getByLabel('Name').fill('ci of e2e')
      await page.getByLabel('Role').selectOption('viewer')
      await page.getByRole('button', { name: 'Make the token' }).click()
      const told = page.getByRole('dialog', { name: 'Token ci of e2e' })
      const secret = (await told.locator('.mono').first().innerText()).trim()
      await told.getByRole('button', { name: 'I have copied it' }).click()
      const asks = (path: string) =>
        fetch(`${product.web}${path}`, { headers: { authorization: `Bearer ${secret}` } }).then(({ status }) => status)
      expect(await asks('/api/v1/releases')).toBe(200)
      expect(await asks('/api/v1/people')).toBe(403)
      expect(await page.getByText(secret).count()).toBe(0)

      const row = page.getByRole('row').filter({ hasText: 'ci of e2e' })
      await row.getByRole('button', { name: 'Revoke ci of e2e' }).click()
      await row.getByText('revoked').waitFor()
      expect(await asks('/api/v1/releases')).toBe(401)
    })

    it('stands beside the people and their roles', async () => {
      const { page } = the()
      pictureOnFailure(page)
      await page.getByRole('link', { name: 'People' }).click()
      const row = page.getByRole('row').filter({ hasText: 'admin@wheelhouse.local' })
      expect(await row.innerText()).toMatch(/Admin[\s\S]*admin/)
    })
  })
}
