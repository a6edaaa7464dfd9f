export { type AdditiveFeature, additiveModel } from './additive-model.js';
export {
  classModel,
  echoModel,
  logisticModel,
  memoryBomb,
  mixedModel,
  outputBomb,
  slowModel,
  sumModel,
  zipMapModel,
} from './models.js';
export { dataType, externalTensor, graph, Message, model, node, tensor, tensorType, value } from './onnx-writer.js';
