/** The owner of a key. */
export interface KeyName {
  tenant_id: string;
  realm_id: string;
  identity_id: string;
  /** The credential's id; the job's id until the credential exists. */
  id: string;
}

/** A software key. Its private key cannot be exported from the browser. */
export interface StoredKey extends KeyName {
  privateKey: CryptoKey;
  publicKey: CryptoKey;
}

/** Reads a stored key. */
export function find(name: KeyName): Promise<StoredKey | undefined> {
  return within('readonly', (keys) => keys.get(path(name)));
}

/** Stores a key, and deletes the former one, if given. */
export function store(key: StoredKey, former?: KeyName): Promise<unknown> {
  return within('readwrite', (keys) => {
    if (former) keys.delete(path(former));
    return keys.put(key);
  });
}

/** Deletes a key. */
export function remove(name: KeyName): Promise<unknown> {
  return within('readwrite', (keys) => keys.delete(path(name)));
}

const PATH = ['tenant_id', 'realm_id', 'identity_id', 'id'] as const;
const path = (name: KeyName) => PATH.map((part) => name[part]);

function within<Result>(mode: IDBTransactionMode, work: (keys: IDBObjectStore) => IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('bindery', 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore('keys', { keyPath: [...PATH] });
    };
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction('keys', mode);
      const request = work(transaction.objectStore('keys'));
      // Resolves only after the data is on disk.
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
      database.close(); // takes effect when the transaction is complete
    };
  });
}
