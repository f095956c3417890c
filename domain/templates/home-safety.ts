// The questions about a home that are asked before a visitor goes there (domain reference 5.4, R-9).

/** Version of the form; a changed question or a changed meaning of an answer is a new one. */
export const homeSafetyVersion = 1;

export const homeSafetyItems = ['dogAtHome', 'weaponAtHome', 'safeEntrance'] as const;
export type HomeSafetyItem = (typeof homeSafetyItems)[number];

/** The answer that is not safe, and whether it forbids the visit or only warns the visitor. */
export const homeSafety: Readonly<Record<HomeSafetyItem, { readonly unsafe: boolean; readonly forbids: boolean }>> = {
  dogAtHome: { unsafe: true, forbids: false },
  weaponAtHome: { unsafe: true, forbids: true },
  safeEntrance: { unsafe: false, forbids: true },
};
