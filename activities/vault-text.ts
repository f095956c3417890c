import { KeyDestroyed, type Vault } from '../store/ports.ts';

/** A text of the vault; undefined if there is none, also once its key has been destroyed. */
export async function readText(vault: Vault, subject: string, reference: string): Promise<string | undefined> {
  try {
    return await vault.get(subject, reference);
  } catch (error) {
    if (error instanceof KeyDestroyed) return undefined;
    throw error;
  }
}
