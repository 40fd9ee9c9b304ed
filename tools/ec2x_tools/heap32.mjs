// node heap32.mjs MICROPYTHON.mjs FOLDER STAGES: runs each stage, a piece of Python, on MicroPython's 32-bit WebAssembly
// build with the files of FOLDER as its /lib, and prints the bytes of heap in use after each, as a JSON list.

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [, , runtime, folder, stages] = process.argv;
const { loadMicroPython } = await import(pathToFileURL(runtime));
let printed = "";
const mp = await loadMicroPython({ heapsize: 4 << 20, stdout: (line) => (printed = line), stderr: (line) => console.error(line) });

function copy(from, to) {
  mp.FS.mkdirTree(to);
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name);
    if (entry.isDirectory()) copy(source, `${to}/${entry.name}`);
    else mp.FS.writeFile(`${to}/${entry.name}`, fs.readFileSync(source));
  }
}

try {
  copy(folder, "/lib");
  mp.runPython("import gc, sys\nif '/lib' not in sys.path: sys.path.append('/lib')");
  const used = [];
  for (const stage of JSON.parse(stages)) {
    mp.runPython(stage);
    // A collection asked for by Python is carried out when the next call into the interpreter begins.
    mp.runPython("gc.collect()");
    mp.runPython("print(gc.mem_alloc())");
    used.push(Number(printed));
  }
  console.log(JSON.stringify(used));
} catch (error) {
  console.error(error.message); // not the stack, which quotes the whole runtime
  process.exit(1);
}
