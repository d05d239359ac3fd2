/** A page with a preview and nothing to edit. */

import { showPreview } from "./preview.js";

showPreview();
