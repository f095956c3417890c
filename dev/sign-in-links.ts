/** The roles that have screens, by their codes. */
const roleNames: Readonly<Record<string, string>> = {
  K: 'coordinator',
  C: 'clinician',
  D: 'dispatcher',
  V: 'visitor',
  S: 'field supervisor',
  M: 'medical director',
  B: 'billing specialist',
  O: 'operations manager',
  L: 'auditor',
  X: 'parent',
  P: 'patient',
  E: 'employer',
};

/** A link that signs a browser in, once and within ten minutes. */
export interface SignInLink {
  readonly role: string;
  readonly link: string;
}

/** A link for each token, by the role codes that the tokens are named by. @throws Error when the API makes no code */
export async function signInLinks(api: string, tokens: Readonly<Record<string, string>>): Promise<readonly SignInLink[]> {
  return Promise.all(
    Object.entries(tokens)
      .filter(([code]) => code in roleNames)
      .map(async ([code, token]) => ({ role: roleNames[code] ?? code, link: await signInLink(api, token) })),
  );
}

/** A link for one token. @throws Error when the API makes no code */
export async function signInLink(api: string, token: string): Promise<string> {
  const answer = await fetch(`${api}/dev/sign-in-codes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  if (!answer.ok) throw new Error(`the API made no sign-in code: ${answer.status}`);
  const { code } = (await answer.json()) as { readonly code: string };
  return `${api}/#/sign-in/${code}`;
}
