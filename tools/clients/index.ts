import { goParams, goTypes } from './go.ts';
import { goTables } from './go-tables.ts';
import { readModel } from './model.ts';
import { pythonParams, pythonTypes } from './python.ts';
import { pythonErrors, pythonTables } from './python-tables.ts';

/** Every generated file of the Python and the Go client: path below the root -> text. */
export function generatedClients(): Readonly<Record<string, string>> {
  const model = readModel();
  const python = 'clients/sdk-python/src/asa/generated';
  const go = 'clients/sdk-go';
  return {
    [`${python}/types.py`]: pythonTypes(model),
    [`${python}/params.py`]: pythonParams(model),
    [`${python}/tables.py`]: pythonTables(),
    [`${python}/errors.py`]: pythonErrors(),
    [`${go}/generated_types.go`]: goTypes(model),
    [`${go}/generated_params.go`]: goParams(model),
    [`${go}/generated_tables.go`]: goTables(),
  };
}
