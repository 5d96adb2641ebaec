import { describe, expect, it } from 'vitest'
import { deployedAbove } from '#test/fixtures/running-product.ts'
import { pictureOnFailure, untilLive, type ProductInBrowser } from './product-in-browser.ts'

export function holding(the: () => ProductInBrowser): void {
  describe('a hold', () => {
    it('with a reason keeps the release where it is; lifted, it follows', async () => {
      const { page, product, release } = the()
      pictureOnFailure(page)
      const dev = await release('podinfo-dev')
      await page.goto(dev.path)
      await untilLive(page)
      await page.getByRole('button', { name: 'Hold' }).click()
      const dialog = page.getByRole('dialog', { name: 'Hold podinfo-dev' })
      const hold = dialog.getByRole('button', { name: 'Hold' })
      expect(await hold.getAttribute('aria-disabled')).toBe('true')
      await dialog.getByLabel('Why').fill('demo at noon')
      await hold.click()
      await page.getByText('Held by admin').waitFor()
      await page.getByText('demo at noon · by admin').waitFor()

      await page.getByRole('link', { name: 'Images' }).last().click()
      await product.pushImage('podinfo', 'dev-e2e00002')
      const row = page.getByRole('row').filter({ hasText: 'dev-e2e00002' })
      await row.waitFor()
      await row.getByRole('button', { name: 'Why? dev-e2e00002' }).click()
      const why = page.getByRole('dialog', { name: 'Why dev-e2e00002?' })
      await why.getByText('dev-e2e00002 does not come to dev').waitFor()
      expect(await why.getByRole('listitem').filter({ hasText: 'in the way' }).allInnerTexts()).toEqual([
        expect.stringMatching(/^Not held[\s\S]*demo at noon/),
      ])
      await page.keyboard.press('Escape')
      expect((await release('podinfo-dev')).revision).toBe(dev.revision)
      expect(await product.git.read('releases/dev/podinfo.yaml')).not.toContain('dev-e2e00002')

      await page.getByRole('button', { name: 'Lift the hold' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Lift the hold' }).click()
      await deployedAbove(product, 'podinfo-dev', 'dev', dev.revision)
      await page.getByRole('main').getByText('podinfo:dev-e2e00002').first().waitFor()
      await page.getByText('Held by admin').waitFor({ state: 'detached' })
    })
  })

  describe('the keyboard alone', () => {
    it('finds a release, holds it and lets it go', async () => {
      const { product, window } = the()
      const page = await window()
      pictureOnFailure(page)
      const { keyboard } = page
      await page.goto(product.web)
      await untilLive(page)

      await keyboard.press('Tab')
      expect(await page.locator(':focus').textContent()).toBe('Skip to the content')
      await keyboard.press('Control+k')
      await page.getByRole('combobox', { name: 'Go to, or do' }).waitFor()
      await keyboard.type('hold redis-dev')
      await page.getByRole('option', { name: 'Hold redis-dev' }).waitFor()
      await keyboard.press('Enter')
      await page.getByRole('dialog', { name: 'Hold redis-dev' }).waitFor()
      await keyboard.type('by keyboard')
      await keyboard.press('Tab')
      const focused = () => page.evaluate(() => document.activeElement?.textContent)
      for (let stop = 0; (await focused()) !== 'Hold'; stop += 1) {
        if (stop > 12) throw new Error('the button Hold is no stop of the tab key')
        await keyboard.press('Tab')
      }
      await keyboard.press('Enter')
      await page.getByText('Held by admin').waitFor()
      expect(await product.git.read('releases/dev/redis.yaml')).toContain('by keyboard')

      await keyboard.press('Control+k')
      await page.getByRole('combobox', { name: 'Go to, or do' }).waitFor()
      await keyboard.type('lift hold redis-dev')
      await page.getByRole('option', { name: 'Lift the hold redis-dev' }).waitFor()
      await keyboard.press('Enter')
      await page.getByRole('dialog', { name: 'Lift the hold on redis-dev' }).waitFor()
      await keyboard.press('Enter')
      await page.getByText('Held by admin').waitFor({ state: 'detached' })
      await page.context().close()
    })

    it('goes everywhere', async () => {
      const { product, window } = the()
      const page = await window()
      pictureOnFailure(page)
      const { keyboard } = page
      await page.goto(product.web)
      await untilLive(page)
      const places = { a: 'Audit', i: 'Images', l: 'Alerts', r: 'Repository', s: 'Settings', e: 'Environments' }
      for (const [key, title] of Object.entries(places)) {
        await keyboard.press('g')
        await keyboard.press(key)
        await page.getByRole('heading', { level: 1, name: title }).waitFor()
      }
      await keyboard.press('/')
      await keyboard.type('redis')
      await page.waitForURL('**/?q=redis')
      await keyboard.press('Tab')
      await keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keys' }).waitFor()
      await keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      expect(new URL(page.url()).search).toBe('?q=redis')
      await page.context().close()
    })
  })
}
