// Reads a list of identity ids: one in each line, or a CSV file (RFC 4180).

/** The names of a column with identity ids. */
const COLUMNS = ['id', 'identity_id'];

/** The separators of CSV files. Spreadsheets use a semicolon in many languages, and a tab when cells are copied. */
const SEPARATORS = [',', ';', '\t'];

export interface Recipient {
  id: string;
  /** The line in which it is first listed, from 1. */
  line: number;
}

export interface List {
  recipients: Recipient[];
  /** Ids that are listed again, each once. */
  repeated: Recipient[];
  /** The column of the ids, if the list has a header. */
  column?: string;
}

interface Row {
  cells: string[];
  line: number;
}

/** The rows of a CSV file. Quoted cells can contain separators, quotes and line breaks. */
function rowsOf(text: string): Row[] {
  const first = text.split('\n', 1)[0] ?? '';
  const separator = SEPARATORS.find((one) => first.includes(one)) ?? ',';
  const rows: Row[] = [];
  let [cells, cell, quoted, line, begin]: [string[], string, boolean, number, number] = [[], '', false, 1, 1];
  const endRow = () => {
    rows.push({ cells: [...cells, cell].map((value) => value.trim()), line: begin });
    [cells, cell, begin] = [[], '', line];
  };
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\n') line += 1;
    if (quoted && char === '"' && text.charAt(at + 1) === '"') {
      cell += '"';
      at += 1;
    } else if (char === '"' && (quoted || cell.trim() === '')) {
      quoted = !quoted;
    } else if (!quoted && char === separator) {
      cells.push(cell);
      cell = '';
    } else if (!quoted && char === '\n') {
      endRow();
    } else {
      cell += char;
    }
  }
  endRow();
  return rows.filter(({ cells }) => cells.some((value) => value !== ''));
}

/** The ids of a pasted list or file, each once, in order. Without a header, they are in the first column. */
export function listOf(text: string): List {
  const [first, ...rest] = rowsOf(text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n').replaceAll('\r', '\n'));
  if (!first) return { recipients: [], repeated: [] };
  const header = first.cells.findIndex((name) => COLUMNS.includes(name.toLowerCase()));
  const rows = header >= 0 ? rest : [first, ...rest];
  const found = new Map<string, Recipient>();
  const repeated = new Map<string, Recipient>();
  for (const { cells, line } of rows) {
    const id = cells[Math.max(header, 0)] ?? '';
    if (id === '') continue;
    if (found.has(id)) repeated.set(id, { id, line });
    else found.set(id, { id, line });
  }
  const column = header >= 0 ? first.cells[header] : undefined;
  return { recipients: [...found.values()], repeated: [...repeated.values()], ...(column && { column }) };
}
