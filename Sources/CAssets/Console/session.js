import { send } from './http.js';

const path = 'console/session';

/** The session of this browser; null if nobody is signed in. */
export async function current() {
  try {
    return await send(path);
  } catch (error) {
    if (error.status === 401) return null;
    throw error;
  }
}

export const signIn = (body) => send(path, { method: 'POST', body });
export const signOut = () => send(path, { method: 'DELETE' });
