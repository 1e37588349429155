The result of doctor with each kind of IOMMU.

  $ doctor() { "$IOASID_SRC"/dev lab --no-build "$@" -- pasidctl doctor </dev/null | grep -A 1 iommu | tr -s ' '; }
  $ iommu() { doctor --append intel_iommu=on --qemu -device --qemu "$1"; }
  $ doctor
  warning iommu the kernel uses no IOMMU: only simulated devices support PASIDs
   -> enable it in the firmware (VT-d, AMD-Vi), or add one to the virtual machine
  $ iommu intel-iommu,x-scalable-mode=on
  warning iommu dmar0 lacks PASIDs in scalable mode: only simulated devices support PASIDs
   -> use a machine whose IOMMU supports them; in QEMU: -device intel-iommu,x-scalable-mode=on,x-pasid-mode=on
  $ iommu intel-iommu,x-scalable-mode=on,x-pasid-mode=on
  ok iommu dmar0 supports PASIDs
