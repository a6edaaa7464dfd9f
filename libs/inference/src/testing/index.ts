export { echoModel, logisticModel, memoryBomb, mixedModel, outputBomb, slowModel, zipMapModel } from './models.js';
export { dataType, externalTensor, graph, Message, model, node, tensor, tensorType, value } from './onnx-writer.js';
